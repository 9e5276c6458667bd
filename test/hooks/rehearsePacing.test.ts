import { expect } from 'chai';
import { setTimeout } from 'node:timers/promises';
import { openActions, rejection } from '../support/openActions.js';

const placed = [{ type: 'order.placed', data: { total: 1 } }];
const event = { event: 'order.placed' };

describe('a rehearsal that sends its calls', () => {
  for (const [bound, limits] of [
    ['its target', { callsPerTarget: 1 }],
    ['its host', { callsPerHost: 1 }],
  ] as const)
    it(`waits for a place at ${bound}, as the real operation does`, async () => {
      const opened = await openActions({ limits });
      let answer: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (answer = resolve));
      const [endpoint] = await opened.call(
        { event },
        {
          type: 'requestResponse',
          script: async () => {
            await held;
            return {};
          },
        },
      );
      const { server } = endpoint!;
      const appended = opened.guarded.append('order-1', placed);
      await server.whenReceived(1);
      const rehearsed = opened.actions.rehearse(event, { content: { total: 2 }, send: true });
      // Long enough for a call that does not wait to arrive.
      await setTimeout(100);
      expect(server.received).to.have.length(1);
      answer();
      await appended;
      expect((await rehearsed).outcome).to.deep.include({ kind: 'passed' });
      expect(server.received.map(({ headers }) => headers['actions-rehearsal'])).to.deep.equal([
        undefined,
        'true',
      ]);
    });

  it('sends nothing to a target whose breaker is open, as the real operation does', async () => {
    const opened = await openActions({ breaker: { failures: 1, openMs: 3_600_000 } });
    const [endpoint] = await opened.call({ event }, { interruptOnError: true, script: { status: 500 } });
    const failed = await rejection(opened.guarded.append('order-1', placed));
    const refused = await rejection(opened.guarded.append('order-1', placed));
    expect([failed, refused]).to.have.nested.property('[1].reason', 'circuit-open');
    const { outcome } = await opened.actions.rehearse(event, { content: { total: 2 }, send: true });
    expect(outcome).to.have.property('kind', 'interrupted');
    expect(endpoint!.server.received).to.have.length(1);
  });
});
