import type { AppendResult, EventStoreDBClient } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { isActionsError } from '../../../src/errors.js';
import { expecting, jsonEvent } from '../../stores/eventStoreDB/clientUnderTest.js';

interface WorkloadOptions {
  /** With the hook: a target refuses every event whose data say `refused`. */
  readonly guarded: EventStoreDBClient;
  /** The prefix of all stream names of this run, and of no others. */
  readonly prefix: string;
  readonly writers: number;
  /** Called before every append. */
  readonly goesOn: (acknowledged: number) => boolean;
  /** Milliseconds between two tries of an append. */
  readonly pauseMs: number;
}

/** The answers to the writers, to compare with the events of the server. */
export interface Told {
  readonly streams: readonly string[];
  readonly acknowledged: ReadonlySet<string>;
  readonly refused: ReadonlySet<string>;
  readonly retries: number;
  /** Conflicts on streams that have one writer only. */
  readonly conflicts: number;
  /** Longest time between the first try of an append and its acknowledgement. Milliseconds. */
  readonly longestStallMs: number;
}

/**
 * Writers with a stream each, who append one event after the other and repeat each with the same id and the same exact
 * revision until it is acknowledged. Every tenth event is refused by its target.
 */
export async function runWorkload(options: WorkloadOptions): Promise<Told> {
  const { guarded, prefix, writers, goesOn, pauseMs } = options;
  const acknowledged = new Set<string>();
  const refused = new Set<string>();
  const streams: string[] = [];
  let retries = 0;
  let conflicts = 0;
  let longestStallMs = 0;

  const write = async (stream: string): Promise<void> => {
    let revision: bigint | 'no_stream' = 'no_stream';
    for (let count = 1; goesOn(acknowledged.size); count += 1) {
      const event = jsonEvent({
        id: randomUUID(),
        type: 'order.placed',
        data: { count, refused: count % 10 === 0 },
      });
      const startedAt = performance.now();
      for (let answered = false; !answered;) {
        try {
          const result: AppendResult = await guarded.appendToStream(stream, event, expecting(revision));
          revision = result.nextExpectedRevision;
          acknowledged.add(event.id);
          answered = true;
        } catch (error) {
          if (isActionsError(error, 'TARGET_INTERRUPTED')) {
            refused.add(event.id);
            answered = true;
          } else if (isConflict(error)) {
            conflicts += 1;
            return;
          } else {
            retries += 1;
            await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())));
          }
        }
      }
      longestStallMs = Math.max(longestStallMs, performance.now() - startedAt);
    }
  };

  await Promise.all(
    Array.from({ length: writers }, (_, place) => {
      const stream = `${prefix}${place}`;
      streams.push(stream);
      return write(stream);
    }),
  );
  return { streams, acknowledged, refused, retries, conflicts, longestStallMs };
}

interface Found {
  readonly lost: number;
  readonly writtenTwice: number;
  readonly writtenAfterVeto: number;
}

/** Compares the acknowledged ids with those of the server, in any order. */
export function compare(told: Told, stored: Iterable<string>): Found {
  const times = new Map<string, number>();
  for (const id of stored) times.set(id, (times.get(id) ?? 0) + 1);
  return {
    lost: [...told.acknowledged].filter((id) => !times.has(id)).length,
    writtenTwice: [...times.values()].filter((count) => count > 1).length,
    writtenAfterVeto: [...told.refused].filter((id) => times.has(id)).length,
  };
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'wrong-expected-version';
}
