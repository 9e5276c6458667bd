import { onAbort } from '../lib/onAbort.js';
import { every } from '../lib/clock.js';
import { EventStoreUnavailableError } from '../errors.js';
import type { Clock, EventStore } from '../ports.js';
import { applyMessage, indexedPrefixes } from './indexedStreams.js';
import { driftBetween, type Drift } from './drift.js';
import { isBehind } from './conditionIndex.js';
import type { IndexStore, ShadowIndex } from './indexStore.js';
import { onceFree } from './onceFree.js';
import type { Writable } from '../lib/writable.js';

/** The progress of a rebuild. */
export interface RebuildProgress {
  /** Events of targets and executions read so far. */
  readonly events: number;
  /** Position of the last event read; `undefined` before the first. */
  readonly position: bigint | undefined;
}

/** How to watch or end a rebuild. */
export interface RebuildOptions {
  /** Receives the progress, at most every 100 ms. @defaultValue none */
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Aborting leaves the old index in place; the rebuild rejects with the signal's reason. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** How long each part took. Milliseconds. */
export interface RebuildDurations {
  /** Reading the events, and making the index from them. */
  readonly build: number;
  /** Writing the index into its store; 0 in memory. */
  readonly save: number;
  /** Comparing it with the index in use. */
  readonly compare: number;
  /** Replacing the index in use. */
  readonly adopt: number;
}

/** The result of a rebuild. */
export interface RebuildResult extends RebuildProgress {
  /** How long it took. Milliseconds. */
  readonly durationMs: number;
  /** How long each part took. Milliseconds. */
  readonly durations: RebuildDurations;
  /**
   * The differences between the index in use and the one built from the events; empty where there are none, and where
   * no index was usable.
   */
  readonly drift: readonly Drift[];
}

export interface RebuildSources {
  readonly store: EventStore;
  readonly indexStore: IndexStore;
  readonly clock: Clock;
}

/** How often progress is reported. Milliseconds. */
const progressEveryMs = 100;
const progressEveryEvents = 1_000;

/** The end of a build, once every stored event has been read. */
interface Finish {
  /** Whether the index is written into the store, so that it can be adopted. */
  readonly saves: boolean;
  /** Called after each message until it returns the drift. */
  end(shadow: ShadowIndex, durations: Writable<RebuildDurations>): readonly Drift[] | undefined;
}

async function build(
  { store, indexStore, clock }: RebuildSources,
  { onProgress, signal }: RebuildOptions,
  { saves, end }: Finish,
): Promise<RebuildResult> {
  signal?.throwIfAborted();
  const startedAt = clock.elapsed();
  const shadow = await onceFree(clock, () => indexStore.shadow(), { signal });
  const reading = new AbortController();
  const stop = () => {
    reading.abort();
  };
  const stopListening = onAbort(signal, stop);
  // An open subscription does not keep the process alive while it waits for events that were just written.
  const alive = every('the build of an index', 60_000, () => undefined);
  const durations = { build: 0, save: 0, compare: 0, adopt: 0 };
  let events = 0;
  let toldAt = startedAt;
  const tell = () => {
    toldAt = clock.elapsed();
    onProgress?.({ events, position: shadow.index.position });
  };
  try {
    let complete = false;
    for await (const message of store.subscribe({ prefixes: indexedPrefixes, signal: reading.signal })) {
      await onceFree(clock, () => applyMessage(shadow.index, message), { signal });
      if ('stream' in message) events++;
      if ('caughtUp' in message && !complete) {
        complete = true;
        durations.build = clock.elapsed() - startedAt;
        if (saves) await shadow.save(signal);
        durations.save = clock.elapsed() - startedAt - durations.build;
      }
      if (events % progressEveryEvents === 0 && clock.elapsed() - toldAt >= progressEveryMs) tell();
      const drift = complete ? await onceFree(clock, () => end(shadow, durations), { signal }) : undefined;
      if (drift === undefined) continue;
      tell();
      const { position } = shadow.index;
      return { events, position, durationMs: clock.elapsed() - startedAt, durations, drift };
    }
    signal?.throwIfAborted();
    throw new EventStoreUnavailableError(
      'the subscription ended before every event was read; the old index stays in use: rebuild again',
    );
  } finally {
    clearInterval(alive);
    stop();
    stopListening();
    shadow.release();
  }
}

/** The drift, unless the index in use knows of something newer. */
function compare(
  { indexStore, clock }: RebuildSources,
  { index }: ShadowIndex,
  durations: Writable<RebuildDurations>,
): readonly Drift[] | undefined {
  const startedAt = clock.elapsed();
  if (isBehind(index, indexStore.current)) return undefined;
  const drift = indexStore.unusable === undefined ? driftBetween(indexStore.current, index) : [];
  durations.compare += clock.elapsed() - startedAt;
  return drift;
}

/**
 * Builds a new index from the first event beside the index in use, then swaps it in at once. The index in use serves
 * until then, and the new one holds everything that the old one held. No target is called.
 */
export const rebuildIndex = (sources: RebuildSources, options: RebuildOptions): Promise<RebuildResult> =>
  build(sources, options, {
    saves: true,
    end(shadow, durations) {
      const drift = compare(sources, shadow, durations);
      if (!drift) return undefined;
      const startedAt = sources.clock.elapsed();
      const isAdopted = shadow.adopt();
      durations.adopt += sources.clock.elapsed() - startedAt;
      return isAdopted ? drift : undefined;
    },
  });

/** Compares the index in use with one built from the first event, and changes nothing. */
export const verifyIndex = (sources: RebuildSources, options: RebuildOptions): Promise<RebuildResult> =>
  build(sources, options, {
    saves: false,
    end: (shadow, durations) => compare(sources, shadow, durations),
  });
