import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** The steps of a call that a handler and its client saw, each in its order. */
export interface Transcript {
  readonly client: readonly unknown[];
  readonly handler: readonly unknown[];
}

export type Transcripts = ReadonlyMap<string, Transcript>;

/** A required difference, whose reason the guide gives. */
export interface Listed {
  readonly handler: string;
  readonly modes: readonly string[];
  readonly reason: string;
}

/** The differences of a guarded run from the bare one, by handler. */
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

/** Collects uncaught errors while `action` runs, which would otherwise end the process. */
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
  /** Listed differences that do not occur. */
  readonly needless: readonly string[];
}

/** Compares the differences of a mode with the listed ones. */
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

/** A difference that only the load of the machine causes, such as an early deadline, does not occur each time. */
export const mostRuns = 6;

/** The handlers that differ and are not listed for a mode, or are listed and do not differ. */
export const misjudged = (
  mode: string,
  found: ReadonlyMap<string, string>,
  listed: readonly Listed[],
): ReadonlySet<string> => {
  const expected = new Set(listed.filter(({ modes }) => modes.includes(mode)).map(({ handler }) => handler));
  return new Set([...expected, ...found.keys()].filter((name) => expected.has(name) !== found.has(name)));
};

/** Calls that run at once: each mostly waits. */
const atOnce = 48;

export async function inChunks<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce)
    await Promise.all(items.slice(from, from + atOnce).map(run));
}

/** The steps that handlers see, by the name of their case. */
export interface Notebook {
  note(name: string, seen: unknown): void;
  of(name: string): readonly unknown[];
  /** Resolves when the handler of a case has seen this many steps. */
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
 * Waits until the handler of a call has seen as many steps as bare, and then for a while for further steps.
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
