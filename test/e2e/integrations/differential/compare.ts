import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** What a handler and its client saw of a call, each in its order. */
export interface Transcript {
  readonly client: readonly unknown[];
  readonly handler: readonly unknown[];
}

export type Transcripts = ReadonlyMap<string, Transcript>;

/** A difference that has to be, for a reason that the guide gives. */
export interface Listed {
  readonly handler: string;
  readonly modes: readonly string[];
  readonly reason: string;
}

/** Where a guarded run differs from the bare one, by handler. */
export function differences(bare: Transcripts, guarded: Transcripts): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, transcript] of bare) {
    const other = guarded.get(name);
    for (const side of ['client', 'handler'] as const)
      if (!isDeepStrictEqual(transcript[side], other?.[side]))
        found.set(name, `the ${side} sees ${show(other?.[side])} in place of ${show(transcript[side])}`);
  }
  return found;
}

const show = (seen: unknown): string =>
  JSON.stringify(seen, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

/** Collects what no handler catches while `action` runs, in place of ending the process. */
export async function catchingUnhandled<Result>(
  note: (reason: unknown) => void,
  action: () => Promise<Result>,
): Promise<Result> {
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', note);
  try {
    return await action();
  } finally {
    process.off('unhandledRejection', note);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
}

interface Judgement {
  /** Differences that no row lists. */
  readonly unlisted: readonly string[];
  /** Listed differences that are none. */
  readonly needless: readonly string[];
}

/** Holds the differences of a mode against those that are listed for it. */
export function judge(
  mode: string,
  found: ReadonlyMap<string, string>,
  listed: readonly Listed[],
): Judgement {
  const expected = new Set(listed.filter(({ modes }) => modes.includes(mode)).map(({ handler }) => handler));
  return {
    unlisted: Array.from(found).flatMap(([name, what]) => (expected.has(name) ? [] : [`${name}: ${what}`])),
    needless: listed
      .filter(({ handler, modes }) => modes.includes(mode) && !found.has(handler))
      .map(({ handler }) => handler),
  };
}

/** A difference that the machine makes, as where a deadline passes early beside other work, does not come each time. */
export const mostRuns = 3;

/** The handlers that differ and are not listed for a mode, or are listed and do not differ. */
export const misjudged = (
  mode: string,
  found: ReadonlyMap<string, string>,
  listed: readonly Listed[],
): ReadonlySet<string> => {
  const expected = new Set(listed.filter(({ modes }) => modes.includes(mode)).map(({ handler }) => handler));
  return new Set([...expected, ...found.keys()].filter((name) => expected.has(name) !== found.has(name)));
};

/** Calls that run at once: each waits for more than it works. */
const atOnce = 48;

export async function inChunks<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce)
    await Promise.all(items.slice(from, from + atOnce).map(run));
}

/** What handlers see, by the name of their case. */
export interface Notebook {
  note(name: string, seen: unknown): void;
  of(name: string): readonly unknown[];
  /** Resolves when the handler of a case has seen so much. */
  until(name: string, count: number): Promise<void>;
}

export function createNotebook(): Notebook {
  const notes = new Map<string, unknown[]>();
  const waiting = new Set<() => void>();
  const of = (name: string) => notes.get(name) ?? [];
  return {
    of,
    note(name, seen) {
      notes.set(name, [...of(name), seen]);
      for (const look of waiting) look();
    },
    until: (name, count) =>
      new Promise((resolve) => {
        const look = () => {
          if (of(name).length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

/** How long after a call its handler may still see something, such as that it was cancelled. Milliseconds. */
const settleMs = 600;
const boundMs = 3_000;

/**
 * Waits until the handler of a call has seen all: as much as it saw bare, and some time where nothing more is to come.
 */
export async function settle(notes: Notebook, name: string, bare: Transcripts | undefined): Promise<void> {
  if (!bare) {
    await wait(settleMs);
    return;
  }
  const bound = new AbortController();
  const count = bare.get(name)?.handler.length ?? 0;
  await Promise.race([notes.until(name, count), wait(boundMs, undefined, bound).catch(() => undefined)]);
  bound.abort();
  await wait(30);
}
