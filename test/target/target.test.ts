import { expect } from 'chai';
import { isActionsError } from '../../src/errors.js';
import { fold } from '../../src/decider.js';
import {
  parseTargetEvent,
  target,
  targetStream,
  type TargetEvent,
  type TargetSettings,
} from '../../src/target/target.js';
import { deciderSpec } from '../../src/testing/deciderSpec.js';
import { targetSettings } from '../support/targetSettings.js';

const sealed = (value: string) => ({ algorithm: 'plaintext' as const, value });

const settings: TargetSettings = targetSettings;

const added: TargetEvent = {
  type: 'target.added',
  data: { ...settings, signingKeys: [{ key: sealed('one') }] },
};
const removed: TargetEvent = { type: 'target.removed', data: {} };
const add = { type: 'add', targetID: 't', settings, signingKey: sealed('one') } as const;
const change = (changes: Partial<TargetSettings>) => ({ type: 'change', targetID: 't', changes }) as const;
const code = (expected: Parameters<typeof isActionsError>[1]) => (error: unknown) =>
  isActionsError(error, expected);

describe('target', () => {
  const { given } = deciderSpec(target);

  it('is added once, and never again', () => {
    given().when(add).then(added);
    given(added).when(add).thenThrows(code('ALREADY_EXISTS'));
    given(added, removed).when(add).thenThrows(code('ALREADY_EXISTS'));
    given(removed).when(add).thenThrows(code('ALREADY_EXISTS'));
  });

  it('records only what really changes', () => {
    given(added)
      .when(change({ timeoutMs: 5, name: 'policy' }))
      .then({ type: 'target.changed', data: { timeoutMs: 5 } });
    given(added).when(change({})).thenNothing();
    given(added)
      .when(change({ ...settings }))
      .thenNothing();
    given(added, { type: 'target.changed', data: { timeoutMs: 5 } })
      .when(change({ timeoutMs: 5 }))
      .thenNothing();
  });

  it('cannot be changed or rotated before target.added or after target.removed', () => {
    const rotate = {
      type: 'rotateSigningKey',
      targetID: 't',
      signingKey: sealed('two'),
      until: 0,
      now: 0,
    } as const;
    for (const history of [[], [removed], [added, removed]]) {
      given(...history)
        .when(change({ timeoutMs: 5 }))
        .thenThrows(code('TARGET_NOT_FOUND'));
      given(...history)
        .when(rotate)
        .thenThrows(code('TARGET_NOT_FOUND'));
    }
  });

  it('is removed once; removing a target that does not exist changes nothing', () => {
    given(added).when({ type: 'remove' }).then(removed);
    given(added, removed).when({ type: 'remove' }).thenNothing();
    given().when({ type: 'remove' }).thenNothing();
  });

  it('cannot interrupt when the type is async, whichever of the two is set last', () => {
    given()
      .when({ ...add, settings: { ...settings, type: 'async' } })
      .thenThrows(code('INVALID_ARGUMENT'));
    given(added)
      .when(change({ type: 'async' }))
      .thenThrows(code('INVALID_ARGUMENT'));
    given(added, { type: 'target.changed', data: { type: 'async', interruptOnError: false } })
      .when(change({ interruptOnError: true }))
      .thenThrows(code('INVALID_ARGUMENT'));
    given(added)
      .when(change({ type: 'async', interruptOnError: false }))
      .then({
        type: 'target.changed',
        data: { type: 'async', interruptOnError: false },
      });
  });

  it('makes async targets durable, and no others', () => {
    given(added)
      .when(change({ delivery: 'durable' }))
      .thenThrows(code('INVALID_ARGUMENT'));
    const data = { type: 'async', interruptOnError: false, delivery: 'durable', order: 'strict' } as const;
    given(added).when(change(data)).then({ type: 'target.changed', data });
  });

  describe('rotation', () => {
    const rotate = (key: string, until: number, now: number) =>
      ({ type: 'rotateSigningKey', targetID: 't', signingKey: sealed(key), until, now }) as const;

    it('drops the old key at once without a grace period', () => {
      given(added)
        .when(rotate('two', 100, 100))
        .then({
          type: 'target.signingKey.rotated',
          data: { signingKeys: [{ key: sealed('two') }] },
        });
    });

    it('lets the old key sign until the grace period ends, and drops expired keys', () => {
      const first: TargetEvent = {
        type: 'target.signingKey.rotated',
        data: { signingKeys: [{ key: sealed('two') }, { key: sealed('one'), until: 500 }] },
      };
      given(added)
        .when(rotate('two', 500, 100))
        .then(first);
      given(added, first)
        .when(rotate('three', 900, 600))
        .then({
          type: 'target.signingKey.rotated',
          data: { signingKeys: [{ key: sealed('three') }, { key: sealed('two'), until: 900 }] },
        });
    });

    it('never lengthens the life of a key that is already running out', () => {
      const first: TargetEvent = {
        type: 'target.signingKey.rotated',
        data: { signingKeys: [{ key: sealed('two') }, { key: sealed('one'), until: 500 }] },
      };
      given(added, first)
        .when(rotate('three', 900, 200))
        .then({
          type: 'target.signingKey.rotated',
          data: {
            signingKeys: [
              { key: sealed('three') },
              { key: sealed('two'), until: 900 },
              { key: sealed('one'), until: 500 },
            ],
          },
        });
    });
  });

  it('is fenced so that changes decided before cannot be written', () => {
    given().when({ type: 'fence' }).then(removed);
    given(added).when({ type: 'fence' }).then({ type: 'target.changed', data: {} });
    given(added, removed).when({ type: 'fence' }).thenNothing();
  });

  it('keeps one public key active at the most', () => {
    const key = (keyID: string): TargetEvent => ({
      type: 'target.key.added',
      data: { keyID, publicKey: 'pem', fingerprint: 'f', algorithm: 'RSA-OAEP-256' },
    });
    const state = fold(target, [
      added,
      key('a'),
      key('b'),
      { type: 'target.key.activated', data: { keyID: 'a' } },
      { type: 'target.key.activated', data: { keyID: 'b' } },
    ]);
    expect(state.status === 'active' && state.keys.map(({ keyID, active }) => [keyID, active])).to.deep.equal(
      [
        ['a', false],
        ['b', true],
      ],
    );
  });

  describe('stored events', () => {
    it('of other types are not events of a target', () => {
      expect(parseTargetEvent('order.placed', {})).to.equal(undefined);
      expect(parseTargetEvent('constructor', {})).to.equal(undefined);
    });

    it('keep unknown fields, and get the defaults of newer fields', () => {
      const { name, type, endpoint, timeoutMs, interruptOnError } = settings;
      const old = { name, type, endpoint, timeoutMs, interruptOnError, signingKeys: [], colour: 'blue' };
      const event = parseTargetEvent('target.added', old);
      expect(event?.data).to.deep.include({
        colour: 'blue',
        payloadType: 'json',
        enforcePercent: 100,
        order: 'stream',
        deliverFrom: 'now',
        paused: false,
        delivery: 'inline',
      });
    });

    it('are refused when they are malformed', () => {
      expect(() => parseTargetEvent('target.added', { name: 1 })).to.throw();
    });
  });

  it('lives in a stream of its own', () => {
    expect(targetStream('default', 'a.b')).to.equal('actions.target-default.a.b');
  });
});
