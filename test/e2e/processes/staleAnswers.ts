import type { EventStore } from '../../../src/index.js';
import type { Answer, Served } from './served.js';

/** A line of a worker. */
export interface Told {
  readonly run: number;
  /** How many lines had been printed when the worker started. */
  readonly heardBefore: number;
  readonly served: Served;
}

/** A list that a condition got, and its position in the log. */
interface Change {
  readonly position: bigint;
  readonly targets: string;
}

/** The answer for a condition before its first event. */
const noChange: Change = { position: -1n, targets: '' };

async function readHistories(store: EventStore): Promise<ReadonlyMap<string, readonly Change[]>> {
  const prefix = 'actions.execution-default.event/thing.';
  const histories = new Map<string, Change[]>();
  for await (const message of store.subscribe({ prefixes: [prefix], signal: new AbortController().signal })) {
    if ('caughtUp' in message) break;
    if (!('stream' in message)) continue;
    const name = message.stream.slice(prefix.length - 'thing.'.length);
    const history = histories.get(name) ?? [noChange];
    const { targets = [] } = message.data as { targets?: readonly { target: string }[] };
    history.push({ position: message.position, targets: targets.map(({ target }) => target).join() });
    histories.set(name, history);
  }
  return histories;
}

const answersOf = (served: Served): readonly Answer[] =>
  served.what === 'wrote' ? [served.answer] : served.answers;

/**
 * Finds the age of each answer in the log. No answer may be older than the answers before the start of its process,
 * than an earlier answer of that process, or than an acknowledged write.
 */
export async function countStaleAnswers(store: EventStore, told: readonly Told[]) {
  const histories = await readHistories(store);
  const servedUpTo: ReadonlyMap<string, bigint>[] = [];
  const ofRuns = new Map<number, Map<string, bigint>>();
  let newest = new Map<string, bigint>();
  let [answers, behind, unexplained] = [0, 0, 0];

  for (const { run, heardBefore, served } of told) {
    servedUpTo.push(newest);
    newest = new Map(newest);
    const own = ofRuns.get(run) ?? new Map(servedUpTo[heardBefore]);
    ofRuns.set(run, own);
    for (const { name, targets } of answersOf(served)) {
      answers++;
      if (served.what === 'wrote') own.set(name, BigInt(served.position));
      const floor = own.get(name) ?? -1n;
      const history = histories.get(name) ?? [noChange];
      const same = history.filter((each) => each.targets === targets.join());
      // All removals look alike: an empty answer proves only the oldest of them.
      const change = same.find(({ position }) => position >= floor);
      if (same.length === 0) unexplained++;
      else if (!change) behind++;
      else {
        own.set(name, change.position);
        if (change.position > (newest.get(name) ?? -1n)) newest.set(name, change.position);
      }
    }
  }
  return { answers, behind, unexplained };
}
