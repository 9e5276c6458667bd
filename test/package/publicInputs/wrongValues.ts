const throws = (): never => {
  throw new Error('what a trap or a getter of the user throws');
};

/** A Proxy each of whose traps throws. */
function throwingProxy(of: object): object {
  const names = Object.getOwnPropertyNames(Reflect) as (keyof typeof Reflect)[];
  return new Proxy(of, Object.fromEntries(names.map((name) => [name, throws])));
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cycle(): object {
  const round: Record<string, unknown> = {};
  round['self'] = round;
  return round;
}

class Unexpected {
  readonly #hidden = 1;

  get hidden(): number {
    return this.#hidden;
  }
}

/** Values of every kind that JavaScript can pass. Each is made when it is used. */
export const wrongValues: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  'a negative number': () => -1.5,
  NaN: () => NaN,
  'an empty text': () => '',
  'a text': () => 'unexpected \ud800 text',
  'a symbol': () => Symbol('unexpected'),
  'a bigint': () => -1n,
  'an array': () => [null, Symbol('unexpected')],
  'an object without a prototype': () => Object.create(null) as object,
  'an instance of a class': () => new Unexpected(),
  'a date that is none': () => new Date(NaN),
  bytes: () => new Uint8Array([255]),
  'a map': () => new Map([[Symbol('unexpected'), 1]]),
  'an object that holds itself': cycle,
  'a Proxy that throws': () => throwingProxy({}),
  'an array whose Proxy throws': () => throwingProxy([]),
  'a function whose Proxy throws': () => throwingProxy(() => undefined),
  'a revoked Proxy': revokedProxy,
  'what cannot be made text of': () => ({ toString: throws, valueOf: throws, toJSON: throws }),
};

/** The same object, one of whose members throws when it is read. */
export function withThrowingMember(given: object, name: string): object {
  const copy = Object.create(
    Object.getPrototypeOf(given) as object | null,
    Object.getOwnPropertyDescriptors(given),
  ) as object;
  return Object.defineProperty(copy, name, { get: throws, enumerable: true, configurable: true });
}
