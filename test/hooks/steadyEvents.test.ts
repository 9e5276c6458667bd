import { expect } from 'chai';
import type { EventData } from '../../src/index.js';
import { allStoreKinds, openActions, rejection } from '../support/openActions.js';

const veto = { body: '{"forwardedStatusCode":403,"forwardedErrorMessage":"no"}' };
const enforced = { type: 'requestResponse', interruptOnError: true, script: veto } as const;
/** More reads than an append makes of a member. */
const reads = 8;

/** An event whose type is `other` at one read, and `usual` at all others. */
function changingType(usual: string, other: string, at: number): EventData {
  let read = 0;
  return {
    get type() {
      return read++ === at ? other : usual;
    },
    data: {},
  };
}

/** A list whose only event is `other` at one read, and `usual` at all others. */
function changingList(usual: string, other: string, at: number): EventData[] {
  let read = 0;
  return new Proxy<EventData[]>([{ type: usual, data: {} }], {
    get(list, key, receiver) {
      if (key === '0' && read++ === at) return { type: other, data: {} };
      return Reflect.get(list, key, receiver) as unknown;
    },
  });
}

const lists: Readonly<Record<string, (usual: string, other: string, at: number) => readonly EventData[]>> = {
  'an event with a getter': (...how) => [changingType(...how)],
  'a list that is a Proxy': changingList,
  'an event that is a Proxy': (usual, other, at) => {
    const event = changingType(usual, other, at);
    return [new Proxy(event, {})];
  },
};

for (const storeKind of allStoreKinds)
  describe(`an event that changes while it is read (${storeKind})`, () => {
    for (const [name, list] of Object.entries(lists))
      it(`is never appended under a type that a target refuses: ${name}`, async () => {
        const { call, guarded, read } = await openActions({ storeKind });
        await call({ event: { event: 'order.placed' } }, enforced);
        for (const [usual, other] of [
          ['order.placed', 'note.taken'],
          ['note.taken', 'order.placed'],
        ] as const)
          for (let at = 0; at < reads; at++) {
            const stream = `${usual}-${at}`;
            await guarded.append(stream, list(usual, other, at)).catch(() => undefined);
            expect((await read(stream)).map(({ type }) => type)).to.not.include('order.placed', stream);
          }
      });

    it('is read once, with members that its class gives', async () => {
      const { guarded, read } = await openActions({ storeKind });
      class Placed implements EventData {
        readonly #total = 3;
        get type(): string {
          return 'order.placed';
        }
        get data(): { readonly total: number } {
          return { total: this.#total };
        }
      }
      await guarded.append('order-1', [new Placed()]);
      const [stored] = await read('order-1');
      expect(stored).to.include({ type: 'order.placed' });
      expect(stored?.data).to.deep.equal({ total: 3 });
    });

    it('is refused with an error of its own where the event cannot be read', async () => {
      const { call, guarded, read } = await openActions({ storeKind });
      const [target] = await call({ event: { all: true } }, enforced);
      const revoked = Proxy.revocable<EventData>({ type: 'order.placed', data: {} }, {});
      revoked.revoke();
      const bytes = new Uint8Array(8);
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
      const throwing = {
        get type(): string {
          throw new Error('no type yet');
        },
        data: {},
      };
      for (const event of [revoked.proxy, throwing, { type: 'order.placed', data: bytes }])
        expect(await rejection(guarded.append('order-1', [event]))).to.include({ code: 'INVALID_ARGUMENT' });
      expect(target?.server.received).to.deep.equal([]);
      expect(await read('order-1')).to.deep.equal([]);
    });

    it('is refused beside a value that is no signal, whether a target is called or not', async () => {
      const { call, guarded, read } = await openActions({ storeKind });
      const [target] = await call({ event: { event: 'order.placed' } }, enforced);
      for (const type of ['order.placed', 'note.taken'])
        for (const signal of [5, {}, null])
          expect(
            await rejection(guarded.append('order-1', [{ type, data: {} }], { signal } as never)),
          ).to.include({ code: 'INVALID_ARGUMENT' });
      expect(target?.server.received).to.deep.equal([]);
      expect(await read('order-1')).to.deep.equal([]);
    });
  });
