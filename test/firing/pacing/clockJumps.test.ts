import { expect } from 'chai';
import { createReceiver } from '../../../src/receiver/index.js';
import { openActions, rejection } from '../../support/openActions.js';

const event = [{ type: 'order.placed', data: {} }];
const hour = 3_600_000;
const all = { event: { all: true } } as const;

/** Times of day, in milliseconds from the right one, as one read after the other shows them. */
const jumps: Readonly<Record<string, readonly number[]>> = {
  'set forward by an hour': [hour],
  'set back by an hour': [-hour],
  'that jumps back and forth at every look': [hour, -hour, 0],
  'set back by ten years': [-10 * 365 * 24 * hour],
};

for (const [what, offsets] of Object.entries(jumps))
  describe(`a time of day ${what}, while operations run`, () => {
    const open = async (breaker?: { failures: number; openMs: number }) => {
      let looks = 0;
      let isJumping = false;
      const now = () => Date.now() + (isJumping ? (offsets[looks++ % offsets.length] ?? 0) : 0);
      const opened = await openActions({ now, ...(breaker && { breaker }), limits: { budgetMs: 2_000 } });
      return {
        ...opened,
        jump: () => {
          isJumping = true;
        },
      };
    };

    it('neither ends a call early nor lets a call go on', async () => {
      const { call, guarded, jump } = await open();
      const [quick] = await call(all, {
        type: 'requestResponse',
        interruptOnError: true,
        script: { delayMs: 30 },
      });
      jump();
      await guarded.append('order-1', event);
      expect(quick?.server.received).to.have.length(1);
      quick?.server.answer('never');
      const error = await rejection(guarded.append('order-2', event));
      // The budget of 2 s comes before the 10 s of the target.
      expect(error).to.have.property('code', 'DEADLINE_EXCEEDED');
    });

    it('keeps a circuit open for its time and no longer', async () => {
      const { actions, call, guarded, jump } = await open({ failures: 1, openMs: 1 });
      const [target] = await call(all, { script: { status: 500 } });
      await guarded.append('order-1', event);
      jump();
      target?.server.answer({});
      for (let tries = 0; tries < 1_000 && (target?.server.received.length ?? 0) < 2; tries++)
        await guarded.append('order-1', event);
      expect(target?.server.received).to.have.length(2);
      expect(actions.health().breakers).to.deep.equal([]);
    });

    it('signs with the time of the host, which its receiver compares with its own', async () => {
      const { call, guarded, jump } = await open();
      const [target] = await call(all, {});
      jump();
      await guarded.append('order-1', event);
      const { headers, body } = target?.server.received[0] ?? expect.fail('no call');
      const sentAt = Number(headers['webhook-timestamp']) * 1_000;
      const signingKeys = [target?.signingKey ?? expect.fail('no key')];
      const at = (time: number) => createReceiver({ signingKeys, now: () => time }).read({ headers, body });
      expect(await at(sentAt)).to.have.property('kind', 'event');
      expect(await rejection(at(sentAt + 301_000))).to.have.property('code', 'INVALID_SIGNATURE');
      expect(await rejection(at(sentAt - 301_000))).to.have.property('code', 'INVALID_SIGNATURE');
    });
  });
