import { expect } from 'chai';
import { z } from 'zod';
import { defineFunction, isActionsError, type CatalogueOptions, type Condition } from '../../src/index.js';
import { openActions, rejection } from '../support/openActions.js';

const catalogue: CatalogueOptions = {
  events: ['order.placed', 'order.item.added', 'closed'],
  methods: ['/orders.v1.OrderService/PlaceOrder', 'orders.v1.OrderService/CancelOrder'],
  services: ['billing.v1.BillingService'],
  functions: ['discount'],
};

const known: readonly Condition[] = [
  { event: { event: 'order.placed' } },
  { event: { group: 'order' } },
  { event: { group: 'order.item' } },
  { event: { all: true } },
  { request: { method: '/orders.v1.OrderService/PlaceOrder' } },
  { response: { method: 'orders.v1.OrderService/CancelOrder' } },
  { request: { service: 'orders.v1.OrderService' } },
  { request: { service: 'billing.v1.BillingService' } },
  { request: { method: '/billing.v1.BillingService/Charge' } },
  { response: { all: true } },
  { function: { name: 'discount' } },
  { function: { name: 'defined' } },
];

const unknown: readonly Condition[] = [
  { event: { event: 'order.lost' } },
  { event: { event: 'order.item' } },
  { event: { group: 'orde' } },
  { event: { group: 'order.placed' } },
  { event: { group: 'closed' } },
  { request: { method: '/orders.v1.OrderService/Lose' } },
  { response: { service: 'orders.v1' } },
  { response: { method: '/other.Service/Any' } },
  { function: { name: 'discounts' } },
];

const defined = defineFunction({
  name: 'defined',
  payload: z.object({}),
  answer: z.object({}),
  apply: () => null,
});

describe('the catalogue', () => {
  it('accepts a condition that a registered occurrence can meet', async () => {
    const { actions } = await openActions({ catalogue, functions: [defined] });
    for (const condition of known) await actions.executions.set(condition, []);
    expect((await actions.executions.list()).total).to.equal(known.length);
  });

  for (const condition of unknown)
    it(`does not find ${JSON.stringify(condition)}, and writes nothing`, async () => {
      const { actions, store } = await openActions({ catalogue, functions: [defined] });
      const before = await store.head?.();
      const error = await rejection(actions.executions.set(condition, []));
      expect(isActionsError(error, 'CONDITION_NOT_FOUND')).to.equal(true);
      expect(error).to.include({ status: 404, grpcCode: 5 });
      expect(await store.head?.()).to.equal(before);
    });

  it('checks nothing of a kind that the catalogue does not list', async () => {
    const { actions } = await openActions({ catalogue: { events: ['order.placed'] }, functions: [defined] });
    await actions.executions.set({ request: { method: '/any.Service/Method' } }, []);
    await actions.executions.set({ function: { name: 'anything' } }, []);
    expect(isActionsError(await rejection(actions.executions.set({ event: { event: 'a' } }, [])))).to.equal(
      true,
    );
  });

  it('allows the removal of an execution that the catalogue no longer lists', async () => {
    const { actions, store } = await openActions();
    await actions.executions.set({ event: { event: 'gone' } }, []);
    const later = await openActions({ eventStore: store, catalogue });
    await later.actions.executions.remove({ event: { event: 'gone' } });
    expect((await later.actions.executions.list()).total).to.equal(0);
    expect(actions.health().caughtUp).to.equal(true);
  });

  it('lists the registered names, functions with a definition included', async () => {
    const { actions } = await openActions({ catalogue, functions: [defined] });
    expect(actions.catalogue()).to.deep.equal({
      events: ['closed', 'order.item.added', 'order.placed'],
      methods: ['/orders.v1.OrderService/CancelOrder', '/orders.v1.OrderService/PlaceOrder'],
      services: ['billing.v1.BillingService', 'orders.v1.OrderService'],
      functions: ['defined', 'discount'],
    });
  });

  it('refuses a name that no condition can have', async () => {
    const error = await rejection(openActions({ catalogue: { events: ['order..placed'] } }));
    expect(isActionsError(error, 'INVALID_ARGUMENT')).to.equal(true);
  });
});
