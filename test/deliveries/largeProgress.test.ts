import { expect } from 'chai';
import {
  eventDeliveryStore,
  memoryEventStore,
  type Commit,
  type EventStore,
  type LaneRow,
} from '../../src/index.js';

const mostBytes = 1_048_576;

/** Refuses an event that is too large for a server. */
function limited(): { readonly store: EventStore; readonly refused: () => number } {
  const inner = memoryEventStore();
  let refused = 0;
  return {
    refused: () => refused,
    store: {
      ...inner,
      append(stream, events, options) {
        let bytes = 0;
        for (const { data } of events) bytes += Buffer.byteLength(JSON.stringify(data));
        if (bytes > mostBytes) {
          refused++;
          return Promise.reject(new Error('maximum append size exceeded'));
        }
        return inner.append(stream, events, options);
      },
    },
  };
}

const lane = (place: number): LaneRow => ({
  instanceID: 'default',
  targetID: 'crm',
  replay: '',
  stream: `order-${'é'.repeat(200)}-${place}`,
  unit: '',
  head: BigInt(place),
  isDone: false,
  eventID: `event-${place}`,
  eventType: 'order.placed',
  created: 1,
  attempts: 3,
  faults: 0,
  firstAt: 1,
  nextAt: 2,
  state: 'waiting',
  status: 503,
  reason: 'status',
});

const claim = { partition: 3, workerID: 'w', epoch: 0n };
const commitOf = (position: bigint, putLanes: readonly LaneRow[]): Commit => ({
  ...claim,
  epoch: 1n,
  change: { position, putCursors: [], removeCursors: [], putLanes, removeLanes: [] },
  parked: [],
  removed: [],
  answered: [],
  failures: [],
});

/** The lanes of the next owner, each by its stream. */
async function nextOwner(store: EventStore) {
  const next = eventDeliveryStore(store, { group: 'g' });
  try {
    const claimed = await next.claim({ partition: 3, workerID: 'other', epoch: 1n });
    return { claimed, streams: new Set(claimed?.state?.lanes.map(({ stream }) => stream)) };
  } finally {
    await next.close();
  }
}

describe('progress that is larger than an event may be', () => {
  const lanes = Array.from({ length: 4_000 }, (_, place) => lane(place));

  it('is written in several events, and the next owner reads the whole progress', async () => {
    const { store, refused } = limited();
    const first = eventDeliveryStore(store, { group: 'g' });
    await first.claim(claim);
    expect(await first.commit(commitOf(7n, lanes))).to.equal(true);
    const { claimed, streams } = await nextOwner(store);
    expect([refused(), claimed?.state?.position, streams.size]).to.deep.equal([0, 7n, 4_000]);
    await first.close();
  });

  it('writes its position last: after a crash between the writes, the position is before all lanes', async () => {
    const { store } = limited();
    let appends = 0;
    const crashing: EventStore = {
      ...store,
      append: (stream, events, options) =>
        stream === 'actions.delivery-g.3' && ++appends > 3
          ? Promise.reject(new Error('gone'))
          : store.append(stream, events, options),
    };
    const first = eventDeliveryStore(crashing, { group: 'g' });
    await first.claim(claim);
    await first.commit(commitOf(5n, []));
    await first.commit(commitOf(7n, lanes)).catch(() => undefined);
    const { claimed, streams } = await nextOwner(store);
    expect(claimed?.state?.position).to.equal(5n);
    expect(streams.size).to.be.within(1, 3_999);
    await first.close();
  });

  it('is kept in snapshots of several events, also where the acknowledgement of an event is lost', async () => {
    const { store, refused } = limited();
    let lost = 0;
    const losing: EventStore = {
      ...store,
      async append(stream, events, options) {
        const result = await store.append(stream, events, options);
        const isSnapshot = events.some(({ type }) => type.startsWith('partition.snapshot'));
        if (isSnapshot && lost++ < 2) throw new Error('the connection was cut before the answer');
        return result;
      },
    };
    const first = eventDeliveryStore(losing, { group: 'g' });
    await first.claim(claim);
    await first.commit(commitOf(1n, lanes));
    for (let position = 2n; position <= 120n; position++) {
      const commit = commitOf(position, []);
      for (let attempt = 0; attempt < 5; attempt++) {
        const isKept = await first.commit(commit).catch(() => undefined);
        expect(isKept).not.to.equal(false);
        if (isKept === true) break;
      }
    }
    let read = 0;
    const counting: EventStore = {
      ...store,
      async *readStream(stream, options) {
        for await (const event of store.readStream(stream, options)) {
          read++;
          yield event;
        }
      },
    };
    const { claimed, streams } = await nextOwner(counting);
    expect([refused(), claimed?.state?.position, streams.size]).to.deep.equal([0, 120n, 4_000]);
    expect(lost).to.be.greaterThan(2);
    expect(read, 'from the last snapshot on').to.be.lessThan(60);
    await first.close();
  });
});
