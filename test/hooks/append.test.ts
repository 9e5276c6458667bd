import { expect } from 'chai';
import { isActionsError } from '../../src/index.js';
import type { JSONObject } from '../../src/index.js';
import { openActions, rejection, allStoreKinds } from '../support/openActions.js';
import type { ReceivedCall, TargetServer } from '../support/targetServer.js';

const bodyOf = ({ body }: ReceivedCall): JSONObject => JSON.parse(body) as JSONObject;
const payloads = ({ received }: TargetServer) => received.map((call) => bodyOf(call)['event_payload']);
const webhookIDs = ({ received }: TargetServer) => received.map(({ headers }) => headers['webhook-id']);

for (const storeKind of allStoreKinds)
  describe(`the append hook (${storeKind})`, () => {
    it('calls targets in order, and sends each the event as amended by the target before', async () => {
      const { call, guarded, read, reports } = await openActions({ storeKind });
      const order: string[] = [];
      const step = (name: string) => ({
        type: 'requestResponse' as const,
        name,
        script: async ({ body }: ReceivedCall) => {
          order.push(`${name} starts`);
          const { event_payload } = JSON.parse(body) as { event_payload: { seen: string[] } };
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push(`${name} ends`);
          return { body: JSON.stringify({ seen: [...event_payload.seen, name] }) };
        },
      });
      const endpoints = await call({ event: { all: true } }, step('first'), step('second'), step('third'));

      await guarded.append('order-1', [{ type: 'order.placed', data: { seen: [] } }]);

      expect(order).to.deep.equal(
        ['first', 'second', 'third'].flatMap((name) => [`${name} starts`, `${name} ends`]),
      );
      expect(endpoints.map(({ server }) => payloads(server))).to.deep.equal([
        [{ seen: [] }],
        [{ seen: ['first'] }],
        [{ seen: ['first', 'second'] }],
      ]);
      const [event] = await read('order-1');
      expect(event?.data).to.deep.equal({ seen: ['first', 'second', 'third'] });
      expect(reports.map(({ targetID, verdict, status }) => [targetID, verdict, status])).to.deep.equal(
        endpoints.map(({ id }) => [id, 'amended', 200]),
      );
    });

    it('calls a target that an include reaches again a second time, in place, under another id', async () => {
      const { actions, add, guarded, reports } = await openActions({ storeKind });
      const order: string[] = [];
      const named = (name: string) => ({
        name,
        script: () => {
          order.push(name);
          return {};
        },
      });
      const first = await add(named('first'));
      const included = await add(named('included'));
      const last = await add(named('last'));
      await actions.executions.set({ event: { group: 'order' } }, [included.id, first.id]);
      await actions.executions.set({ event: { event: 'order.placed' } }, [
        first.id,
        { include: { event: { group: 'order' } } },
        last.id,
      ]);

      await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);

      expect(order).to.deep.equal(['first', 'included', 'first', 'last']);
      expect(new Set(webhookIDs(first.server)).size).to.equal(2);
      expect(reports.map(({ executionID }) => executionID)).to.deep.equal([
        'event/order.placed',
        'event/order.*',
        'event/order.*',
        'event/order.placed',
      ]);
    });

    it('gives a repeated append the same webhook ids, and another event others', async () => {
      const { call, guarded } = await openActions({ storeKind });
      const [target] = await call(
        { event: { all: true } },
        { interruptOnError: true, script: { status: 500 } },
      );
      const id = '0a4f3c9e-5a7b-4b0e-8f52-3d0f6a1f2c11';
      for (let attempt = 0; attempt < 2; attempt++)
        await rejection(guarded.append('order-1', [{ id, type: 'order.placed', data: { attempt } }]));
      await rejection(guarded.append('order-1', [{ type: 'order.placed', data: {} }]));

      const ids = target ? webhookIDs(target.server) : [];
      expect(ids[0]).to.match(/^msg_[A-Za-z0-9_-]{24}$/);
      expect(ids[1]).to.equal(ids[0]);
      expect(ids[2]).not.to.equal(ids[0]);
    });

    it('draws the id of an event before its first call, and appends under the same id', async () => {
      const { call, guarded, read } = await openActions({ storeKind });
      const [first, second] = await call({ event: { all: true } }, {}, {});
      await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
      const [event] = await read('order-1');
      const sent = [first, second].flatMap((target) => target?.server.received.map(bodyOf) ?? []);
      expect(sent.map(({ event_id }) => event_id)).to.deep.equal([event?.id, event?.id]);
    });

    it('appends none of ten events when the tenth is vetoed', async () => {
      const { call, guarded, read, store } = await openActions({ storeKind });
      const [target] = await call(
        { event: { all: true } },
        {
          interruptOnError: true,
          script: ({ body }) => {
            const { event_payload } = JSON.parse(body) as { event_payload: { number: number } };
            return event_payload.number === 10
              ? { body: '{"forwardedStatusCode":422,"forwardedErrorMessage":"ten is too many"}' }
              : {};
          },
        },
      );
      const before = await store.head?.();
      const events = Array.from({ length: 10 }, (_, place) => ({
        type: 'thing.counted',
        data: { number: place + 1 },
      }));

      const error = await rejection(guarded.append('thing-1', events));

      if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
      expect(error).to.include({
        status: 422,
        message: 'ten is too many',
        reason: 'refused',
        responseStatus: 200,
      });
      expect(target?.server.received).to.have.length(10);
      expect(await read('thing-1')).to.deep.equal([]);
      expect(await store.head?.()).to.equal(before);
    });

    it('calls the targets for matching events only, and appends all events in order', async () => {
      const { call, guarded, read } = await openActions({ storeKind });
      const [target] = await call(
        { event: { event: 'order.placed' } },
        { type: 'requestResponse', script: { body: '{"checked":true}' } },
      );
      await guarded.append('order-1', [
        { type: 'order.opened', data: { a: 1 }, metadata: { by: 'us' } },
        { type: 'order.placed', data: { b: 2 }, metadata: { correlation: 'c-1' } },
        { type: 'order.noted', data: new Uint8Array([1, 2, 3]) },
      ]);
      expect(target?.server.received).to.have.length(1);
      const events = await read('order-1');
      expect(events.map(({ type, data, metadata }) => ({ type, data, metadata }))).to.deep.equal([
        { type: 'order.opened', data: { a: 1 }, metadata: { by: 'us' } },
        { type: 'order.placed', data: { checked: true }, metadata: { correlation: 'c-1' } },
        { type: 'order.noted', data: new Uint8Array([1, 2, 3]), metadata: {} },
      ]);
    });

    it('names the target, the execution and the answer in an interruption, and leaves the stream untouched', async () => {
      const { actions, add, guarded, read } = await openActions({ storeKind });
      const { id } = await add({ name: 'order policy', interruptOnError: true, script: { status: 503 } });
      await actions.executions.set({ event: { group: 'order' } }, [id]);
      await actions.executions.set({ event: { event: 'order.placed' } }, [
        { include: { event: { group: 'order' } } },
      ]);

      const error = await rejection(guarded.append('order-1', [{ type: 'order.placed', data: {} }]));

      if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
      expect(error).to.include({
        status: 412,
        targetID: id,
        executionID: 'event/order.*',
        reason: 'status',
        responseStatus: 503,
      });
      expect(error.detail).to.equal(
        `target "order policy" (${id}) of execution event/order.* interrupted event/order.placed: ` +
          'it answered with status 503; this attempt wrote nothing',
      );
      expect(await read('order-1')).to.deep.equal([]);
    });

    it('returns the result of the store', async () => {
      const { call, guarded, store } = await openActions({ storeKind });
      await call({ event: { all: true } }, {});
      const result = await guarded.append('order-1', [
        { type: 'a.b', data: {} },
        { type: 'a.c', data: {} },
      ]);
      expect(result).to.deep.equal({ version: 1n, position: await store.head?.() });
    });
  });
