import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createGroupCommit } from '../../../src/stores/postgres/postgresGroupCommit.js';
import type { PostgresClient, PostgresPool } from '../../../src/stores/postgres/pool.js';
import { keyOf } from '../../../src/stores/postgres/streamNames.js';
import { proposeAppend } from '../../../src/events/proposedAppend.js';

describe('an append that waits for a connection of the pool', () => {
  it('is aborted at once, writes nothing, and takes no other append with it', async () => {
    const statements: string[] = [];
    const client: PostgresClient = Object.assign(new EventEmitter(), {
      query(asked: unknown) {
        statements.push(JSON.stringify(asked));
        return Promise.reject(new Error('Connection terminated'));
      },
      release: () => undefined,
    });
    const waiting: (() => void)[] = [];
    const pool: PostgresPool = {
      connect: (lent) => waiting.push(() => lent(undefined, client)),
      query: () => Promise.reject(new Error('not asked')),
    };
    const commit = createGroupCommit(pool, 'orders', () => undefined);
    const propose = (stream: string) =>
      proposeAppend(stream, [{ type: 'order.placed', data: {} }], {}, randomUUID);
    const abort = new AbortController();
    const aborted = commit.add(propose('order-aborted'), abort.signal).catch((error: unknown) => error);
    const other = commit.add(propose('order-other'), undefined).catch((error: unknown) => error);
    await Promise.resolve();
    expect(waiting).to.have.length(1);
    abort.abort(new Error('the caller left'));
    // The pool still has no free connection.
    expect(await aborted).to.have.property('message', 'the caller left');
    expect(
      await commit.add(propose('order-late'), abort.signal).catch((error: unknown) => error),
    ).to.have.property('message', 'the caller left');
    waiting.shift()?.();
    expect(await other).to.have.property('code', 'EVENT_STORE_UNAVAILABLE');
    const asked = (stream: string) => statements.join().includes(keyOf(stream).toString('hex'));
    expect(['order-other', 'order-aborted', 'order-late'].filter(asked)).to.deep.equal(['order-other']);
  });
});
