import { onAbort } from '../lib/onAbort.js';
import { EventStoreUnavailableError } from '../errors.js';
import type { Clock, EventStore } from '../ports.js';
import { applyMessage, indexedPrefixes } from './indexedStreams.js';
import { driftBetween, type Drift } from './drift.js';
import { isBehind, type IndexStore, type ShadowIndex } from './indexStore.js';

export interface RebuildProgress {
  /** Events of ours read so far. */
  readonly events: number;
  readonly position: bigint | undefined;
}

export interface RebuildOptions {
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Aborting leaves the old index in place; the rebuild rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How long each part took. Milliseconds. */
export interface RebuildDurations {
  /** Reading the events, and making the index of them. */
  readonly build: number;
  /** Writing it into the store of the index; 0 in memory. */
  readonly save: number;
  /** Looking for the drift. */
  readonly compare: number;
  /** Putting it in the place of the old one. */
  readonly adopt: number;
}

export interface RebuildResult extends RebuildProgress {
  readonly durationMs: number;
  readonly durations: RebuildDurations;
  /** How the index in use differed from what the events give; empty when it was right, and where none could be used. */
  readonly drift: readonly Drift[];
}

export interface RebuildSources {
  readonly store: EventStore;
  readonly indexStore: IndexStore;
  readonly clock: Clock;
}

/** How often progress is told. Milliseconds. */
const progressEveryMs = 100;
const progressEveryEvents = 1_000;

/** What is done with an index once everything that is there has been read. */
interface Finish {
  /** Whether it is to be written down, to be adopted. */
  readonly saves: boolean;
  /** Asked again after each message, until it gives the drift. */
  end(shadow: ShadowIndex, durations: Writable<RebuildDurations>): readonly Drift[] | undefined;
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

async function build(
  { store, indexStore, clock }: RebuildSources,
  { onProgress, signal }: RebuildOptions,
  { saves, end }: Finish,
): Promise<RebuildResult> {
  signal?.throwIfAborted();
  const startedAt = clock.elapsed();
  const shadow = indexStore.shadow();
  const reading = new AbortController();
  const stop = () => {
    reading.abort();
  };
  const stopListening = onAbort(signal, stop);
  // Where it waits for what others have just written, an open subscription does not keep the process alive.
  const alive = setInterval(() => undefined, 60_000);
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
      applyMessage(shadow.index, message);
      if ('stream' in message) events++;
      if ('caughtUp' in message && !complete) {
        complete = true;
        durations.build = clock.elapsed() - startedAt;
        if (saves) await shadow.save(signal);
        durations.save = clock.elapsed() - startedAt - durations.build;
      }
      if (events % progressEveryEvents === 0 && clock.elapsed() - toldAt >= progressEveryMs) tell();
      const drift = complete ? end(shadow, durations) : undefined;
      if (drift === undefined) continue;
      tell();
      const { position } = shadow.index;
      return { events, position, durationMs: clock.elapsed() - startedAt, durations, drift };
    }
    signal?.throwIfAborted();
    throw new EventStoreUnavailableError(
      'the subscription ended before everything was read; the old index stays: rebuild again',
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
 * Builds the index anew from the first event, aside, and puts it in the place of the old one at once. The old one serves
 * until then, and the new one holds all that it held. No target is called.
 */
export const rebuild = (sources: RebuildSources, options: RebuildOptions): Promise<RebuildResult> =>
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
export const verify = (sources: RebuildSources, options: RebuildOptions): Promise<RebuildResult> =>
  build(sources, options, {
    saves: false,
    end: (shadow, durations) => compare(sources, shadow, durations),
  });
