import { expect } from 'chai';
import {
  createActions,
  eighteenDigitIDs,
  generateEd25519SigningKey,
  isActionsError,
  memoryEventStore,
} from '../../src/index.js';
import { openActions, rejection, storeKinds } from '../support/openActions.js';

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

describe('a function of the user that throws', () => {
  const broken = new Error('broken');
  const throws = (): never => {
    throw broken;
  };

  it('eventName: ends the append with its own error, and nothing is called or written', async () => {
    const { call, guarded, read } = await openActions({ eventName: throws });
    const [target] = await call({ event: { all: true } }, {});
    expect(await rejection(guarded.append('order-1', event))).to.equal(broken);
    expect(target?.server.received).to.have.length(0);
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('random: ends the draw with its own error', async () => {
    expect(await rejection(Promise.resolve().then(() => generateEd25519SigningKey(throws)))).to.equal(broken);
    expect(await rejection(Promise.resolve().then(eighteenDigitIDs(throws)))).to.equal(broken);
  });

  it('network: is a refusal that names the instance, and an error of the target once its calls begin', async () => {
    const { actions, call, guarded } = await openActions();
    const [target] = await call({ event: { all: true } }, { interruptOnError: true });
    await actions.network.change(throws);
    const input = { name: 'other', type: 'webhook', endpoint: 'https://policy.example/' } as const;
    const refusals: readonly (() => unknown)[] = [
      () => actions.targets.add(input),
      () => actions.network.explain(input.endpoint),
    ];
    for (const refused of refusals) {
      const error = await rejection(Promise.resolve().then(refused));
      expect(error).to.include({ code: 'INVALID_ARGUMENT', rule: 'policy-function', cause: broken });
      expect((error as Error).message).to.match(
        /^network threw for the instance "default": .* nothing was called or written$/,
      );
    }
    expect(await rejection(guarded.append('order-1', event))).to.include({
      code: 'TARGET_INTERRUPTED',
      reason: 'network',
    });
    expect(target?.server.received).to.have.length(0);
  });
});

describe('a class in place of a function', () => {
  class Given {
    readonly place = 'a class';
  }
  const given = Given as never;
  const eventStore = memoryEventStore();

  const places: Readonly<Record<string, () => unknown>> = {
    network: () => createActions({ eventStore, network: given }),
    'network.lookup': () => createActions({ eventStore, network: { lookup: given } }),
    eventName: () => createActions({ eventStore, eventName: given }),
    onCall: () => createActions({ eventStore, onCall: given }),
    random: () => eighteenDigitIDs(given),
  };
  for (const [name, use] of Object.entries(places))
    it(`is refused: ${name}`, async () => {
      const error = await rejection(Promise.resolve().then(use));
      expect(error).to.have.property('code', 'INVALID_ARGUMENT');
      expect((error as Error).message).to.contain(`${name} is a function, not a class; nothing was`);
    });
});
