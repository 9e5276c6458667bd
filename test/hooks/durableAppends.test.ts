import { expect } from 'chai';
import { isHookedStream } from '../../src/index.js';
import type { EventData, EventStore } from '../../src/index.js';
import { openActions } from '../support/openActions.js';

const durable = { type: 'async', delivery: 'durable' } as const;
const placed: EventData = { type: 'order.placed', data: { total: 5 } };

/** The store, and the arguments of its `append`. */
function recording(store: EventStore) {
  const appended: (readonly EventData[])[] = [];
  const recorded: EventStore = {
    ...store,
    append(stream, events, options) {
      appended.push(events);
      return store.append(stream, events, options);
    },
  };
  return { recorded, appended };
}

describe('an append that only durable targets match', () => {
  it('is passed on unchanged: the same objects, without another await and without a call', async () => {
    const { actions, store, call } = await openActions();
    const [endpoint] = await call({ event: { event: 'order.placed' } }, durable);
    const { recorded, appended } = recording(store);
    const events = [placed];
    const appending = actions.intercept(recorded).append('order-1', events);
    expect(appended, 'appended in the same turn').to.have.lengthOf(1);
    expect(appended[0]).to.equal(events);
    await appending;
    expect(endpoint?.server.received).to.have.lengthOf(0);
  });

  it('is not refused for its depth, which is noted for the deliveries', async () => {
    const { actions, guarded, call, read } = await openActions();
    await call({ event: { event: 'order.placed' } }, durable);
    await actions.runAs({ depth: 3 }, () =>
      guarded.append('order-1', [
        { ...placed, metadata: { traced: true } },
        { type: 'other', data: {} },
      ]),
    );
    const [first, second] = await read('order-1');
    expect(first?.metadata).to.deep.equal({ traced: true, actionsDepth: 3 });
    expect(first?.data).to.deep.equal(placed.data);
    expect(second?.metadata).to.deep.equal({});
  });

  it('keeps its inline targets, which are called before the append and alone', async () => {
    const { guarded, call } = await openActions();
    const condition = { event: { event: 'order.placed' } } as const;
    const [inline, later] = await call(condition, { type: 'webhook' }, durable);
    await guarded.append('order-1', [placed]);
    expect(inline?.server.received).to.have.lengthOf(1);
    expect(later?.server.received).to.have.lengthOf(0);
  });

  it('matches the exact execution even where the execution has durable targets alone', async () => {
    const { guarded, call } = await openActions();
    const [broad] = await call({ event: { all: true } }, { type: 'webhook' });
    await call({ event: { event: 'order.placed' } }, durable);
    await guarded.append('order-1', [placed]);
    expect(broad?.server.received).to.have.lengthOf(0);
  });
});

describe('durable targets of requests', () => {
  it('are called at once, like targets without durable delivery', async () => {
    const { actions, call } = await openActions();
    const [endpoint] = await call({ request: { method: '/a.B/C' } }, durable);
    await actions.request('/a.B/C', {});
    await endpoint?.server.whenReceived(1);
  });
});

describe('the streams of durable delivery', () => {
  for (const stream of [
    'actions.delivery-g.3',
    'actions.deliveryWorker-g.w',
    'actions.deadLetter-g.msg_1',
    'actions.deliveryRequest-g.3',
  ])
    it(`bypass the hook: ${stream}`, () => {
      expect(isHookedStream(stream)).to.equal(false);
    });
});
