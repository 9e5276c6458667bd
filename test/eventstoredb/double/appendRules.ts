import type { ExpectedRevision } from './expectedRevision.js';
import type { StoredEvent } from './storedEvent.js';
import type { Stream } from './stream.js';

export type Verdict =
  | { readonly kind: 'write' }
  | { readonly kind: 'replayed'; readonly last: StoredEvent }
  | { readonly kind: 'wrong-expected-version' }
  | { readonly kind: 'stream-deleted' };

/** The members of the store that the rules read. */
type AppendRuleFacts = {
  readonly stream: Stream;
  /** Last revision of the stream's metadata stream. */
  readonly currentMetadata: number;
  /** The entry of an event id that the server still remembers. */
  readonly remembered: (id: string) => StoredEvent | undefined;
};

const write: Verdict = { kind: 'write' };
const wrong: Verdict = { kind: 'wrong-expected-version' };
const deleted: Verdict = { kind: 'stream-deleted' };

/** "any" and "stream_exists" recognise a repetition by memory alone, wherever in the stream it was written. */
const byMemory = (facts: AppendRuleFacts, ids: readonly string[]): Verdict => {
  let last: StoredEvent | undefined;
  for (const id of ids) {
    const known = facts.remembered(id);
    if (known?.stream !== facts.stream.name) return last === undefined ? write : wrong;
    last = known;
  }
  return last === undefined ? write : { kind: 'replayed', last };
};

/** An exact expectation in the past recognises a repetition by the events right after it. */
const byRevision = ({ stream }: AppendRuleFacts, expected: number, ids: readonly string[]): Verdict => {
  let last: StoredEvent | undefined;
  for (const [offset, id] of ids.entries()) {
    const there = stream.at(expected + 1 + offset);
    if (there?.id !== id) return offset === 0 && expected === -1 && stream.isSoftDeleted ? write : wrong;
    last = there;
  }
  return last === undefined ? wrong : { kind: 'replayed', last };
};

/**
 * The commit check of the server's index writer (oss-v24.2): whether this append may be written, or was written
 * before.
 */
export const checkAppend = (
  facts: AppendRuleFacts,
  expected: ExpectedRevision,
  ids: readonly string[],
): Verdict => {
  const { stream } = facts;
  if (stream.isTombstoned) return deleted;
  if (expected === 'stream_exists') {
    if (stream.isSoftDeleted) return deleted;
    if (stream.current < 0 && facts.currentMetadata < 0) return wrong;
  }
  if (expected === 'any' || expected === 'stream_exists') return byMemory(facts, ids);
  const exact = expected === 'no_stream' ? -1 : Number(expected);
  if (exact < stream.current) return byRevision(facts, exact, ids);
  return exact > stream.current ? wrong : write;
};
