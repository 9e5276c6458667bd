import { expect } from 'chai';
import { createDeliveries, memoryDeliveryStore, type Caller, type EventData } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;

describe('functions of the user in deliveries', () => {
  for (const [what, broken] of [
    [
      'throws',
      () => {
        throw new RangeError('no tenant');
      },
    ],
    ['gives a promise', () => Promise.resolve({ instanceID: 'other' })],
    ['gives nothing', () => undefined],
  ] as const)
    it(`a caller function that ${what} makes a dead letter without a target, which is reported and replayed`, async () => {
      let isBroken = true;
      const caller = (): Caller => (isBroken ? (broken() as unknown as Caller) : {});
      const { guarded, call, work, deliveries, told } = await openDeliveries({ caller });
      const [endpoint] = await call(condition, { ...durable, order: 'strict' });
      const worker = await work();
      await guarded.append('order-1', [placed(1)]);
      await until(() => told.length === 1);
      expect(told[0]).to.deep.include({ outcome: 'parked', instanceID: 'default', targetID: '', attempt: 0 });
      expect(told[0]?.reason).to.include('caller or eventName threw');
      await worker.whenIdle();
      const { items } = await deliveries.list();
      expect(items.map(({ id, targetID }) => [id, targetID])).to.deep.equal([[told[0]?.deliveryID, '']]);
      // A replay that throws again is reported again.
      await deliveries.replay({ targetID: '' });
      await until(() => told.length === 2);
      expect(told[1]).to.deep.include({ outcome: 'parked', deliveryID: told[0]?.deliveryID });
      isBroken = false;
      await guarded.append('order-1', [placed(2)]);
      await deliveries.replay({ targetID: '' });
      await endpoint?.server.whenReceived(2);
      await worker.whenIdle();
      expect(totals(endpoint?.server ?? expect.fail()).toSorted()).to.deep.equal([1, 2]);
      expect((await deliveries.list()).items).to.deep.equal([]);
    });

  for (const [what, answer] of [
    ['a schedule that is none', () => ({ attempts: -1 })],
    ['a promise', () => Promise.resolve({ attempts: 2 }) as object],
    [
      'an error',
      () => {
        throw new RangeError('no such target');
      },
    ],
  ] as const)
    it(`a retry function that returns ${what} suspends its target without a call, and no other target`, async () => {
      const { guarded, call, work, told } = await openDeliveries();
      const [sick, healthy] = await call(
        condition,
        { ...durable, name: 'sick', script: { status: 500 } },
        { ...durable, name: 'healthy', script: { status: 200 } },
      );
      const worker = await work({ retry: ({ name }) => (name === 'sick' ? answer() : {}) });
      for (let total = 0; total < 5; total++) await guarded.append(`order-${total}`, [placed(total)]);
      await healthy?.server.whenReceived(5);
      const stateOf = (id: string | undefined) =>
        worker.health().targets.find(({ targetID }) => targetID === id);
      await until(() => stateOf(sick?.id)?.state === 'suspended');
      expect(stateOf(sick?.id)?.reason).to.match(/^retry-invalid: (?:retry (?:cannot|must) |RangeError)/);
      expect(stateOf(healthy?.id)).to.include({ state: 'live' });
      expect(sick?.server.received).to.have.lengthOf(0);
      expect(told.filter(({ targetID }) => targetID === sick?.id)).to.deep.equal([]);
    });

  it('a permanent function that throws counts as a failed attempt, and the attempts go on', async () => {
    const { guarded, call, work, told } = await openDeliveries();
    const [endpoint] = await call(condition, { ...durable, script: { status: 400 } });
    const permanent = (): boolean => {
      throw new RangeError('no status');
    };
    const worker = await work({ retry: { firstDelayMs: 5, maxDelayMs: 5, attempts: 3, permanent } });
    await guarded.append('order-1', [placed(1)]);
    await until(() => told.at(-1)?.outcome === 'parked');
    await worker.whenIdle();
    expect(endpoint?.server.received).to.have.lengthOf(3);
    expect(told.map(({ outcome }) => outcome)).to.deep.equal(['failed', 'failed', 'parked']);
  });

  it('a promise in place of the options is refused, not taken for no options', async () => {
    const { actions, deliveries } = await openDeliveries();
    const wrong: readonly (() => unknown)[] = [
      () => deliveries.work(Promise.resolve({ atOnce: 1 }) as object),
      () => deliveries.list(Promise.resolve({ state: 'parked' }) as object),
      () => actions.targets.list(Promise.resolve({ limit: 1 }) as object),
      () =>
        createDeliveries(
          Promise.resolve({ actions, store: memoryDeliveryStore() }) as unknown as Parameters<
            typeof createDeliveries
          >[0],
        ),
      () => actions.runAs(Promise.resolve({ instanceID: 'other' }) as Caller, () => 1),
    ];
    for (const refused of wrong) {
      const error: unknown = await Promise.resolve()
        .then(refused)
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      expect(error).to.have.property('code', 'INVALID_ARGUMENT');
      expect((error as Error).message).to.include('must not be a promise: await it first');
    }
  });
});
