import { expect } from 'chai';
import { openActions, rejection } from '../support/openActions.js';

const noID = new Error('no ids are left');

describe('a generateID that throws', () => {
  /** Gives ids for the commands of a test, and then throws. */
  async function openWithout() {
    let isOut = false;
    let drawn = 0;
    const opened = await openActions({
      generateID() {
        if (isOut) throw noID;
        drawn += 1;
        return `00000000-0000-4000-8000-${String(drawn).padStart(12, '0')}`;
      },
    });
    const [target] = await opened.call({ event: { all: true } }, {});
    await opened.actions.executions.set({ request: { all: true } }, [target!.id]);
    isOut = true;
    return { ...opened, target: target! };
  }

  it('ends an append with its error, and nothing was called or written', async () => {
    const { guarded, target, read } = await openWithout();
    const appended = guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    expect(await rejection(appended)).to.equal(noID);
    expect(target.server.received).to.have.length(0);
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('ends a request, a command and a rehearsal with its error', async () => {
    const { actions, target, store } = await openWithout();
    const before = await store.head?.();
    expect(await rejection(actions.request('/a.B/C', {}))).to.equal(noID);
    expect(await rejection(actions.rehearse({ event: 'a' }, { send: true }))).to.equal(noID);
    expect(await rejection(actions.targets.change(target.id, { timeoutMs: 900 }))).to.equal(noID);
    expect(target.server.received).to.have.length(0);
    expect(await store.head?.()).to.equal(before);
  });

  it('does not affect an event with an id', async () => {
    const { guarded, read } = await openWithout();
    const id = '0f3f3f3f-3f3f-4f3f-8f3f-3f3f3f3f3f3f';
    await guarded.append('order-1', [{ id, type: 'order.placed', data: {} }]);
    expect(await read('order-1')).to.have.length(1);
  });
});
