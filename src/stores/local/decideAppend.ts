import type { ProposedAppend } from '../../events/proposedAppend.js';

/** The state of one stream. A member is read only when the decision needs it. */
export interface StreamTail {
  /** Version of the last event; `undefined` where there is no stream. */
  readonly last: number | undefined;
  idAt(version: number): string | undefined;
  /** Version of the latest event of this stream with this id. */
  latestVersionOf(id: string): number | undefined;
}

export type AppendDecision =
  | { readonly kind: 'append'; readonly firstVersion: number }
  /** All events were written before; `version` is the version of the last one. */
  | { readonly kind: 'repeated'; readonly version: number }
  | { readonly kind: 'empty'; readonly version: number }
  | { readonly kind: 'conflict'; readonly actualVersion: bigint | 'no-stream' };

/**
 * Decides the outcome of an append by the rules of EventStoreDB's commit check:
 * - an append whose expectation the last version meets is written, also where its ids are known;
 * - an append with an exact expectation below the last version succeeds without writing where the next events have these
 *   ids in this order;
 * - an append with `any` or `stream-exists` succeeds without writing where all ids are known in this stream, and is a
 *   conflict where only the first ids are known.
 *
 * EventStoreDB keeps the ids under `any` in memory only; a local store keeps them permanently.
 */
export function decideAppend(proposed: ProposedAppend, tail: StreamTail): AppendDecision {
  const { expectedVersion, events } = proposed;
  const last = tail.last ?? -1;
  const conflict = (): AppendDecision => ({
    kind: 'conflict',
    actualVersion: tail.last === undefined ? 'no-stream' : BigInt(last),
  });
  const append = (): AppendDecision =>
    events.length === 0
      ? { kind: 'empty', version: Math.max(last, 0) }
      : { kind: 'append', firstVersion: last + 1 };

  if (expectedVersion === 'any' || expectedVersion === 'stream-exists') {
    if (tail.last === undefined) return expectedVersion === 'any' ? append() : conflict();
    let version: number | undefined;
    for (const [index, event] of events.entries()) {
      version = event.repeatable ? tail.latestVersionOf(event.id) : undefined;
      if (version === undefined) return index === 0 ? append() : conflict();
    }
    return version === undefined ? append() : { kind: 'repeated', version };
  }

  const expected = expectedVersion === 'no-stream' ? -1 : Number(expectedVersion);
  if (expected === last) return append();
  if (expected > last || events.length === 0) return conflict();
  const repeated = events.every(
    (event, index) => event.repeatable && tail.idAt(expected + 1 + index) === event.id,
  );
  return repeated ? { kind: 'repeated', version: expected + events.length } : conflict();
}
