import { Duplex } from 'node:stream';

type Functions = Record<string, (...sent: unknown[]) => unknown>;

/** A function by its owner and its name, and which of its calls count. @defaultValue all */
type Watched = readonly [
  owner: object,
  name: string,
  counts?: (self: unknown, sent: readonly unknown[]) => boolean,
];

/** JSON and copies. */
export const conversions: readonly Watched[] = [
  [JSON, 'parse'],
  [JSON, 'stringify'],
  [globalThis, 'structuredClone'],
];

const isOfServer = (stream: unknown) => (stream as object).constructor.name === 'ServerHttp2Stream';

/** The writes of a server to its streams of HTTP/2. */
export const writesOfServer: readonly Watched[] = [
  [Duplex.prototype, 'write', isOfServer],
  [Duplex.prototype, 'end', (stream, [chunk]) => isOfServer(stream) && chunk !== undefined],
];

/** How often each function is called while `action` runs. */
export async function countFunctions(
  watched: readonly Watched[],
  action: () => Promise<void>,
): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  const restores = watched.map(([owner, name, counts]) => {
    const functions = owner as Functions;
    const own = Object.getOwnPropertyDescriptor(owner, name);
    const original = functions[name] as Functions[string];
    counted[name] = 0;
    functions[name] = function (this: unknown, ...sent) {
      if (!counts || counts(this, sent)) counted[name] = (counted[name] ?? 0) + 1;
      return original.apply(this, sent);
    };
    return () => {
      if (own) Object.defineProperty(owner, name, own);
      else Reflect.deleteProperty(owner, name);
    };
  });
  try {
    await action();
  } finally {
    for (const restore of restores) restore();
  }
  return counted;
}
