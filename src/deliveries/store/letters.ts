import type { DeadLetter, DeadLetterQuery } from './deliveryStore.js';
import { targetKey } from './keys.js';

/** Whether a dead letter matches a query. */
function matchesLetter(letter: DeadLetter, query: DeadLetterQuery): boolean {
  const { partition, instanceID, targetID, stream, reason, isReplaying, after } = query;
  return (
    (partition === undefined || letter.partition === partition) &&
    (instanceID === undefined || letter.instanceID === instanceID) &&
    (targetID === undefined || letter.targetID === targetID) &&
    (stream === undefined || letter.stream === stream) &&
    (reason === undefined || letter.reason === reason) &&
    (isReplaying === undefined || letter.isReplaying === isReplaying) &&
    (after === undefined || letter.id > after)
  );
}

export function selectLetters(letters: Iterable<DeadLetter>, query: DeadLetterQuery): readonly DeadLetter[] {
  return [...letters]
    .filter((letter) => matchesLetter(letter, query))
    .sort((left, right) => (left.id < right.id ? -1 : 1))
    .slice(0, query.limit);
}

export function countLetters(letters: Iterable<DeadLetter>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(targetKey(letter), (counts.get(targetKey(letter)) ?? 0) + 1);
  return counts;
}
