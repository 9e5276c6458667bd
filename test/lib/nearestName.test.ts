import { expect } from 'chai';
import { createActions, memoryEventStore } from '../../src/index.js';
import { createReceiver } from '../../src/receiver/index.js';
import { nearestName } from '../../src/lib/reading/nearestName.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, rejection } from '../support/openActions.js';

const names = ['expectedVersion', 'signal', 'limit', 'from', 'direction', 'timeoutMs', 'url'];

const slips: readonly (readonly [string, string])[] = [
  ['expectedVersoin', 'expectedVersion'],
  ['expectedversion', 'expectedVersion'],
  ['ExpectedVersion', 'expectedVersion'],
  ['expectedRevision', 'expectedVersion'],
  ['singal', 'signal'],
  ['signals', 'signal'],
  ['Limit', 'limit'],
  ['limt', 'limit'],
  ['form', 'from'],
  ['timeoutMS', 'timeoutMs'],
  ['timeout', 'timeoutMs'],
  ['direcction', 'direction'],
  ['uri', 'url'],
];
const others = [
  '',
  'x',
  'concurrency',
  'aaaaa',
  'toString',
  '__proto__',
  'e'.repeat(39),
  'signal'.repeat(10_000),
];

describe('the suggestion for a mistyped name', () => {
  for (const [written, meant] of slips)
    it(`is ${meant} for ${written}`, () => {
      expect(nearestName(written, names)).to.equal(meant);
    });

  for (const written of others)
    it(`is none for ${JSON.stringify(written.slice(0, 20))}`, () => {
      expect(nearestName(written, names)).to.equal(undefined);
    });

  it('is in the error of every unknown option, and of every unknown field of a command', async () => {
    const { actions } = await openActions();
    const messages = await Promise.all(
      [
        createActions({ eventStore: memoryEventStore(), keyring: 'plaintext', limit: {} } as never).then(
          (opened) => {
            closeAfterTest(() => opened.close());
          },
        ),
        createActions({
          eventStore: memoryEventStore(),
          keyring: 'plaintext',
          limits: { jsonDepht: 4 },
        } as never),
        actions.intercept(memoryEventStore()).append('a-1', [], { expectedversion: 'any' } as never),
        actions.targets.add({
          name: 'a',
          type: 'webhook',
          endpoint: 'https://a.example/',
          timeoutMS: 5,
        } as never),
        actions.targets.list({ filters: {} } as never),
        actions.rehearse({ request: '/a.B/C' }, { sent: true } as never),
        Promise.resolve().then(() => createReceiver({ signingKey: ['a'] } as never)),
      ].map(async (call) => ((await rejection(call)) as Error).message),
    );
    expect(messages.map((message) => /\(did you mean (".*?")\?\)/.exec(message)?.[1])).to.deep.equal([
      '"limits"',
      '"jsonDepth"',
      '"expectedVersion"',
      '"timeoutMs"',
      '"filter"',
      '"send"',
      '"signingKeys"',
    ]);
  });
});
