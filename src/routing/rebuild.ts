import { EventStoreUnavailableError } from '../errors.js';
import type { Clock, EventStore } from '../ports.js';
import { createConditionIndex, type ConditionIndex, type InstanceIndex } from './conditionIndex.js';
import { createFailedEvents } from './failedEvents.js';
import { indexedPrefixes, type Projection } from './projection.js';

/** A difference between the index that was in use and the one that the events give. */
export interface Drift {
  readonly instanceID: string;
  readonly kind: 'target' | 'execution';
  readonly id: string;
  /** How the index in use was wrong about it. */
  readonly difference: 'missing' | 'surplus' | 'changed';
}

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
  /** Empty when the index in use was right. */
  readonly drift: readonly Drift[];
}

const progressEvery = 10_000;

type Rows = Iterable<readonly [id: string, value: unknown]>;

function* compare(instanceID: string, kind: Drift['kind'], before: Rows, after: Rows): Iterable<Drift> {
  const old = new Map(before);
  for (const [id, value] of after) {
    if (!old.has(id)) yield { instanceID, kind, id, difference: 'missing' };
    else if (JSON.stringify(old.get(id)) !== JSON.stringify(value))
      yield { instanceID, kind, id, difference: 'changed' };
    old.delete(id);
  }
  for (const id of old.keys()) yield { instanceID, kind, id, difference: 'surplus' };
}

function* compareInstance(instanceID: string, before: InstanceIndex, after: InstanceIndex): Iterable<Drift> {
  yield* compare(instanceID, 'target', before.targets(), after.targets());
  yield* compare(instanceID, 'execution', before.executions(), after.executions());
}

function driftBetween(before: ConditionIndex, after: ConditionIndex): readonly Drift[] {
  const instanceIDs = new Set([...before.instanceIDs(), ...after.instanceIDs()]);
  return [...instanceIDs].flatMap((id) => [...compareInstance(id, before.instance(id), after.instance(id))]);
}

/**
 * Builds the index anew from the first event, aside, and puts it in the place of the old one at once. The old one serves
 * until then; what arrives meanwhile is in both. No target is called.
 */
export async function rebuild(
  projection: Projection,
  store: EventStore,
  clock: Clock,
  { onProgress, signal }: RebuildOptions,
): Promise<RebuildResult> {
  const startedAt = clock.elapsed();
  const collection = projection.collect();
  const reading = new AbortController();
  const abort = () => {
    reading.abort();
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    signal?.throwIfAborted();
    const index = createConditionIndex();
    const failed = createFailedEvents();
    let events = 0;
    let position: bigint | undefined;
    let complete = false;
    for await (const message of store.subscribe({ prefixes: indexedPrefixes, signal: reading.signal })) {
      if ('stream' in message) {
        failed.guard(message, () => {
          index.apply(message, true);
        });
        position = message.position;
        if (++events % progressEvery === 0) onProgress?.({ events, position });
      } else if ('checkpoint' in message) {
        position = message.checkpoint;
      } else {
        position = message.position ?? position;
        complete = true;
        break;
      }
    }
    signal?.throwIfAborted();
    if (!complete)
      throw new EventStoreUnavailableError(
        'the subscription ended before everything was read; the old index stays: rebuild again',
      );

    for (const event of collection.arrived) {
      if (position !== undefined && event.position <= position) continue;
      failed.guard(event, () => {
        index.apply(event, false);
      });
    }
    const drift = driftBetween(projection.index, index);
    projection.replace(index, failed, position);
    onProgress?.({ events, position });
    return { events, position, durationMs: clock.elapsed() - startedAt, drift };
  } finally {
    collection.stop();
    reading.abort();
    signal?.removeEventListener('abort', abort);
  }
}
