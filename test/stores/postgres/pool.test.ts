import { expect } from 'chai';
import { EventEmitter } from 'node:events';
import { withClient, type PostgresPool } from '../../../src/stores/postgres/pool.js';

describe('a connection that a pool lends', () => {
  it('may break in the very step in which the pool lends the connection', async () => {
    const released: unknown[] = [];
    const client = Object.assign(new EventEmitter(), {
      query: () => Promise.reject(new Error('Connection terminated')),
      release(error?: Error | boolean) {
        released.push(error);
      },
    });
    const pool: PostgresPool = {
      connect(lent) {
        lent(undefined, client);
        // Without a listener this throws, as in the parser of pg, and ends the process.
        client.emit('error', new Error('terminating connection due to unexpected postmaster exit'));
      },
      query: () => Promise.reject(new Error('not asked')),
    };
    const failure: unknown = await withClient(pool, (lent) => lent.query('SELECT 1')).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property('message', 'Connection terminated');
    expect(released).to.deep.equal([true]);
  });
});
