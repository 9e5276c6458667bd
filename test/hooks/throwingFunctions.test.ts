import { expect } from 'chai';
import { isActionsError } from '../../src/index.js';
import { openActions, storeKinds } from '../support/openActions.js';

const event = [{ type: 'order.placed', data: {} }];

/** A function that fails while `isBroken` says so. */
function breaking<Result>(give: () => Result) {
  const state = { isBroken: false };
  return {
    state,
    give: () => {
      if (state.isBroken) throw new Error('broken');
      return give();
    },
  };
}

for (const storeKind of storeKinds)
  for (const type of ['webhook', 'async'] as const)
    describe(`a function of the user that throws during an append (${storeKind}, ${type})`, () => {
      it('now: ends the append with a typed error, or is reported; later appends go on', async () => {
        const now = breaking(Date.now);
        const { actions, call, guarded } = await openActions({ storeKind, now: now.give });
        const [target] = await call({ event: { all: true } }, { type });
        now.state.isBroken = true;
        const error: unknown = await guarded.append('order-1', event).catch((reason: unknown) => reason);
        expect(isActionsError(error, 'INVALID_ARGUMENT')).to.equal(true);
        now.state.isBroken = false;
        await guarded.append('order-2', event);
        await target?.server.whenReceived(1);
        await actions.close();
      });

      it('onCall: is reported, and the append goes on', async () => {
        const { actions, call, guarded, read } = await openActions({
          storeKind,
          onCall: () => {
            throw new Error('broken');
          },
        });
        const [target] = await call({ event: { all: true } }, { type });
        await guarded.append('order-1', event);
        await target?.server.whenReceived(1);
        expect(await read('order-1')).to.have.length(1);
        await actions.close();
      });
    });
