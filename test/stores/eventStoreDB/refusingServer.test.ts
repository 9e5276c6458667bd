import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { isActionsError } from '../../../src/index.js';
import type { EventStoreDBEventStore } from '../../../src/stores/eventStoreDB/index.js';
import type { CallKind } from '../../eventstoredb/double/faults.js';
import {
  accessDenied,
  failure,
  notLeader,
  unavailable,
  type Endpoint,
  type Failure,
} from '../../eventstoredb/double/trailers.js';
import { collect, failureOf, idsIn, openFixture, placed, streamName } from './fixture.js';

/** The answers of a server that refuses calls. */
const refusals: Readonly<Record<string, (leader: Endpoint) => Failure>> = {
  'is not the leader': notLeader,
  'has no leader': () => failure(status.UNKNOWN, 'No leader info available in response'),
  'is read-only': () => failure(status.FAILED_PRECONDITION, 'Server Is Read Only'),
  'is not ready': unavailable,
  'is too busy': () => failure(status.UNAVAILABLE, 'Server Is Too Busy'),
  'denies access': accessDenied,
  'does not know the user': () => failure(status.UNAUTHENTICATED, 'Unauthenticated'),
};
const denied: readonly string[] = ['denies access', 'does not know the user'];
const mostAttempts = 50;

/** Repeats an action until the server accepts it. */
async function repeated<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++)
    try {
      return await action();
    } catch (error) {
      expect(isActionsError(error), String(error)).to.equal(true);
      if (attempt >= mostAttempts) throw error;
    }
}

async function untilCaughtUp(store: EventStoreDBEventStore): Promise<void> {
  const left = new AbortController();
  for await (const message of store.subscribe({ signal: left.signal })) if ('caughtUp' in message) break;
  left.abort();
}

const reads: Readonly<
  Record<
    string,
    readonly [kind: CallKind, read: (store: EventStoreDBEventStore, stream: string) => Promise<unknown>]
  >
> = {
  'a read': ['read', (store, stream) => collect(store.readStream(stream))],
  'the head': ['read', (store) => store.head()],
  'a subscription': ['subscription', untilCaughtUp],
};

describe('a server that', () => {
  for (const [what, refusal] of Object.entries(refusals)) {
    for (const kind of ['batch', 'append'] as const)
      it(`${what} fails an append (${kind}) with a typed error, and the repeat is written once`, async () => {
        await using open = await openFixture();
        const { store, double } = open;
        if (kind === 'append') double.faults.serverFeatures = 'without-batch-append';
        const stream = streamName();
        const events = [placed(), placed()];
        const append = () => store.append(stream, events, { expectedVersion: 'no-stream' });
        double.faults.nextCalls(kind, refusal(double.endpoint));
        const first = await failureOf(append());
        const codes = denied.includes(what)
          ? ['EVENT_STORE_ACCESS_DENIED', 'OUTCOME_UNKNOWN']
          : ['OUTCOME_UNKNOWN'];
        expect(first).to.have.property('code').that.is.oneOf(codes);
        expect((await repeated(append)).version).to.equal(1n);
        expect(await idsIn(store.readStream(stream))).to.deep.equal(events.map(({ id }) => id));
        expect(double.stored(stream)).to.have.lengthOf(2);
      });

    for (const [name, [kind, read]] of Object.entries(reads))
      it(`${what} fails ${name} with a typed error, and answers the next`, async () => {
        await using open = await openFixture();
        const { store, double } = open;
        const stream = streamName();
        await store.append(stream, [placed()]);
        double.faults.nextCalls(kind, refusal(double.endpoint));
        expect(await failureOf(read(store, stream))).to.include({
          code: denied.includes(what) ? 'EVENT_STORE_ACCESS_DENIED' : 'EVENT_STORE_UNAVAILABLE',
        });
        await repeated(() => read(store, stream));
        expect(await collect(store.readStream(stream))).to.have.lengthOf(1);
      });
  }
});
