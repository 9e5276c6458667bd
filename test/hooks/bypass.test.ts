import { expect } from 'chai';
import { openActions, rejection, allStoreKinds } from '../support/openActions.js';

for (const storeKind of allStoreKinds)
  describe(`streams that call no target (${storeKind})`, () => {
    it('are those of the library: an unreachable target that vetoes all events can still be removed', async () => {
      // The store of the targets is itself the guarded one, as an operator might configure it.
      const { actions, call, guarded, read } = await openActions({ storeKind });
      const [target] = await call({ event: { all: true } }, { interruptOnError: true });
      await target?.server.close();
      const veto = await rejection(guarded.append('order-1', [{ type: 'order.placed', data: {} }]));
      expect(veto).to.include({ code: 'TARGET_INTERRUPTED', reason: 'network', status: 412 });
      expect(await read('order-1')).to.deep.equal([]);

      const id = target?.id ?? '';
      await actions.targets.change(id, { timeoutMs: 500 });
      await actions.executions.set({ event: { group: 'order' } }, [id]);
      await actions.executions.remove({ event: { group: 'order' } });
      await actions.targets.remove(id);
      await actions.executions.remove({ event: { all: true } });

      await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
      expect(await read('order-1')).to.have.length(1);
    });

    it('are those of the library, also through a second actions object whose event store is guarded by the first', async () => {
      const first = await openActions({ storeKind });
      await first.call({ event: { all: true } }, { interruptOnError: true, script: { status: 500 } });
      const second = await openActions({ eventStore: first.guarded });
      const { id } = await second.add({ name: 'added through the guard' });
      await second.actions.executions.set({ event: { group: 'x' } }, [id]);
      await second.actions.targets.remove(id);
      expect(second.actions.health().failedEvents).to.deep.equal([]);
    });
  });

describe('streams by name', () => {
  it('bypass the hook by exact prefix, and so do streams that begin with $', async () => {
    const { call, guarded } = await openActions();
    const [target] = await call(
      { event: { all: true } },
      { interruptOnError: true, script: { status: 500 } },
    );
    const event = { type: 'any.thing', data: {} };
    for (const stream of [
      'actions.target-x',
      'actions.execution-x',
      'actions.targetName-x',
      '$settings',
      '$$order-1',
    ])
      await guarded.append(stream, [event]);
    expect(target?.server.received).to.have.length(0);
    const guardedStreams = ['actions.targets-1', 'actions.target', 'Actions.target-1', 'actions-1', ' $x'];
    for (const stream of guardedStreams)
      expect(await rejection(guarded.append(stream, [event]))).to.include({ code: 'TARGET_INTERRUPTED' });
    expect(target?.server.received).to.have.length(guardedStreams.length);
  });
});
