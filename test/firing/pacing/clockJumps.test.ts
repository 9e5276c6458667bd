import { expect } from 'chai';
import type { ActionsOptions } from '../../../src/index.js';
import { createReceiver } from '../../../src/receiver/index.js';
import { until } from '../../support/conditions.js';
import { openActions, rejection } from '../../support/openActions.js';

const event = [{ type: 'order.placed', data: {} }];
const hour = 3_600_000;
const all = { event: { all: true } } as const;

/** The error of the time of day at each read, in milliseconds. */
const jumps: Readonly<Record<string, readonly number[]>> = {
  'set forward by an hour': [hour],
  'set back by an hour': [-hour],
  'that jumps back and forth at every look': [hour, -hour, 0],
  'set back by ten years': [-10 * 365 * 24 * hour],
};

for (const [what, offsets] of Object.entries(jumps))
  describe(`a time of day ${what}, while operations run`, () => {
    const open = async (options: Pick<ActionsOptions, 'breaker' | 'limits'> = {}) => {
      let looks = 0;
      let isJumping = false;
      const now = () => Date.now() + (isJumping ? (offsets[looks++ % offsets.length] ?? 0) : 0);
      const opened = await openActions({ ...options, now });
      return {
        ...opened,
        jump: () => {
          isJumping = true;
        },
      };
    };

    it('does not end a call early', async () => {
      const { call, guarded, jump } = await open();
      const [quick] = await call(all, {
        type: 'requestResponse',
        interruptOnError: true,
        script: { delayMs: 30 },
      });
      jump();
      await guarded.append('order-1', event);
      expect(quick?.server.received).to.have.length(1);
    });

    it('does not let a call go on', async () => {
      const { call, guarded, jump } = await open({ limits: { budgetMs: 500 } });
      await call(all, { type: 'requestResponse', interruptOnError: true, script: 'never' });
      jump();
      const error = await rejection(guarded.append('order-1', event));
      // The budget of 500 ms comes before the 10 s of the target.
      expect(error).to.have.property('code', 'DEADLINE_EXCEEDED');
    });

    it('keeps a circuit open for its time and no longer', async () => {
      const { actions, call, guarded, jump } = await open({ breaker: { failures: 1, openMs: 1 } });
      const [target] = await call(all, { script: { status: 500 } });
      await guarded.append('order-1', event);
      jump();
      target?.server.answer({});
      await until(async () => {
        await guarded.append('order-1', event);
        return target?.server.received.length === 2;
      });
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
