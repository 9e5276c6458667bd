import { expect } from 'chai';
import { connect } from 'node:net';

import type { DialTarget, NameLookup, NetworkPolicyOptions } from '../../src/network/networkPolicyOptions.js';

/** A resolver and a dialler that record their calls. */
interface Dialling {
  /** `lookup` and `connect` of a network policy. */
  readonly options: Pick<NetworkPolicyOptions, 'lookup' | 'connect'> & {
    readonly lookup: NameLookup;
  };
  readonly resolved: readonly string[];
  readonly dialled: readonly DialTarget[];
  assertNothingWasDialled(): void;
}

/**
 * A resolver without answers and a dialler that fails: for endpoints that have to be refused before either is
 * called.
 */
export function noDialling(): Dialling {
  return dialling({});
}

/**
 * A resolver that gives these answers, in turn where there are several for a name, and a dialler that reaches the
 * server on
 * `port` of loopback for every address: nothing real is ever dialled.
 */
export function dialling(
  answers: Readonly<Record<string, readonly string[] | readonly (readonly string[])[]>>,
  port?: number,
): Dialling {
  const resolved: string[] = [];
  const dialled: DialTarget[] = [];
  const asked = new Map<string, number>();
  return {
    resolved,
    dialled,
    options: {
      lookup(name, _options, callback) {
        resolved.push(name);
        const known = answers[name];
        if (known === undefined) {
          callback(Object.assign(new Error(`no ${name}`), { code: 'ENOTFOUND' }), []);
          return;
        }
        const turn = asked.get(name) ?? 0;
        asked.set(name, turn + 1);
        const isList = (value: readonly unknown[]): value is readonly (readonly string[])[] =>
          Array.isArray(value[0]);
        const addresses = isList(known) ? (known[Math.min(turn, known.length - 1)] ?? []) : known;
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      },
      connect(target) {
        dialled.push(target);
        if (port === undefined) throw new Error('nothing may be dialled here');
        return connect({ host: '127.0.0.1', port });
      },
    },
    assertNothingWasDialled() {
      expect(dialled, 'dialled').to.deep.equal([]);
    },
  };
}
