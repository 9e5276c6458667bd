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

export interface RebuildResult extends RebuildProgress {
  readonly durationMs: number;
  /** How the index in use differed from what the events give; empty when it was right. */
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

/** `finish` is asked whenever everything that is there has been read; the build ends when it gives something. */
async function build<Result>(
  { store, indexStore, clock }: RebuildSources,
  { onProgress, signal }: RebuildOptions,
  finish: (shadow: ShadowIndex) => Result | undefined,
): Promise<RebuildProgress & { readonly durationMs: number; readonly result: Result }> {
  signal?.throwIfAborted();
  const startedAt = clock.elapsed();
  const shadow = indexStore.shadow();
  const { index } = shadow;
  const reading = new AbortController();
  const stop = () => {
    reading.abort();
  };
  signal?.addEventListener('abort', stop, { once: true });
  let events = 0;
  let toldAt = startedAt;
  const tell = () => {
    toldAt = clock.elapsed();
    onProgress?.({ events, position: index.position });
  };
  try {
    let complete = false;
    for await (const message of store.subscribe({ prefixes: indexedPrefixes, signal: reading.signal })) {
      applyMessage(index, message);
      if ('stream' in message) events++;
      else if ('caughtUp' in message) complete = true;
      if (events % progressEveryEvents === 0 && clock.elapsed() - toldAt >= progressEveryMs) tell();
      const result = complete ? finish(shadow) : undefined;
      if (result === undefined) continue;
      tell();
      return { events, position: index.position, durationMs: clock.elapsed() - startedAt, result };
    }
    signal?.throwIfAborted();
    throw new EventStoreUnavailableError(
      'the subscription ended before everything was read; the old index stays: rebuild again',
    );
  } finally {
    stop();
    signal?.removeEventListener('abort', stop);
    shadow.release();
  }
}

/**
 * Builds the index anew from the first event, aside, and puts it in the place of the old one at once. The old one serves
 * until then, and the new one holds all that it held. No target is called.
 */
export async function rebuild(sources: RebuildSources, options: RebuildOptions): Promise<RebuildResult> {
  const { result: drift, ...progress } = await build(sources, options, (shadow) => {
    if (isBehind(shadow.index, sources.indexStore.current)) return undefined;
    const found = driftBetween(sources.indexStore.current, shadow.index);
    return shadow.adopt() ? found : undefined;
  });
  return { ...progress, drift };
}

/** Compares the index in use with one built from the first event, and changes nothing. */
export async function verify(sources: RebuildSources, options: RebuildOptions): Promise<RebuildResult> {
  const { result: drift, ...progress } = await build(sources, options, ({ index }) =>
    isBehind(index, sources.indexStore.current) ? undefined : driftBetween(sources.indexStore.current, index),
  );
  return { ...progress, drift };
}
