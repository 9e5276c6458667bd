import type {
  Commit,
  DeliveryStore,
  Lease,
  PartitionLease,
  PartitionState,
} from '../../deliveries/store/deliveryStore.js';
import { EventStoreUnavailableError } from '../../errors.js';
import { rowsOf, type PostgresClient, type Row } from '../postgres/pool.js';
import { commitStatement } from './commitStatement.js';
import type { Questions } from './questions.js';
import { cursorColumns, cursorOf, laneColumns, laneOf, selected } from './columns.js';
import { deliveriesIn } from './deliveryTables.js';

/** The most attempts at a commit, each after an earlier commit of the same worker took effect late. */
const mostTries = 5;

async function readState(
  client: PostgresClient,
  schema: string,
  partition: number,
): Promise<PartitionState | undefined> {
  const [found] = await rowsOf<{ readonly position: string | null }>(
    client,
    `SELECT position::text AS position FROM ${schema}.delivery_partition WHERE number = $1`,
    [partition],
  );
  if (found === undefined || found.position === null) return undefined;
  const rows = (columns: string, table: string) =>
    rowsOf<Row>(client, `SELECT ${columns} FROM ${schema}.delivery_${table} WHERE partition = $1`, [
      partition,
    ]);
  return {
    position: BigInt(found.position),
    cursors: (await rows(selected(cursorColumns), 'cursor')).map(cursorOf),
    lanes: (await rows(selected(laneColumns), 'lane')).map(laneOf),
  };
}

/** Implements the claims of partitions and the commits of their owners. */
export function createLeases(
  questions: Questions,
): Pick<DeliveryStore, 'partitions' | 'claim' | 'commit' | 'release' | 'state'> {
  const { schema } = questions;
  /** The number of commits of each partition that this store has seen. The server checks it. */
  const known = new Map<number, string>();

  /** Runs several statements in one transaction: reads of one snapshot, or a lock and the reads under it. */
  async function inTransaction<Result>(
    client: PostgresClient,
    isolation: string,
    action: () => Promise<Result>,
  ): Promise<Result> {
    await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
    const result = await action();
    await client.query('COMMIT');
    return result;
  }

  async function claim({ partition, workerID, epoch }: Lease): ReturnType<DeliveryStore['claim']> {
    return questions.ask((client) =>
      inTransaction(client, 'READ COMMITTED READ WRITE', async () => {
        const [claimed] = await rowsOf<{ readonly epoch: string; readonly commits: string }>(
          client,
          `INSERT INTO ${schema}.delivery_partition AS held (number, owner, epoch, commits)
           SELECT $1::int4, $2::text, 1, 0 WHERE $3::bigint = 0
             OR EXISTS (SELECT FROM ${schema}.delivery_partition WHERE number = $1::int4)
           ON CONFLICT (number) DO UPDATE SET owner = excluded.owner, epoch = held.epoch + 1 WHERE held.epoch = $3::bigint
           RETURNING epoch::text AS epoch, commits::text AS commits`,
          [partition, workerID, String(epoch)],
        );
        if (claimed === undefined) return undefined;
        const state = await readState(client, schema, partition);
        known.set(partition, claimed.commits);
        return { epoch: BigInt(claimed.epoch), state };
      }),
    );
  }

  /** A commit whose answer was lost may take effect during the next commit: the number of commits detects this. */
  async function commitOnce(client: PostgresClient, commit: Commit): Promise<boolean> {
    const { partition, workerID, epoch } = commit;
    for (let tries = 0; tries < mostTries; tries++) {
      const commits = known.get(partition) ?? '0';
      const statement = commitStatement(schema, commit, commits);
      const [held] = await rowsOf<{ readonly commits: string }>(
        client,
        statement.text('SELECT commits::text AS commits FROM held'),
        statement.values,
      );
      if (held !== undefined) {
        known.set(partition, held.commits);
        return true;
      }
      const [found] = await rowsOf<{ readonly commits: string }>(
        client,
        `SELECT commits::text AS commits FROM ${schema}.delivery_partition
         WHERE number = $1 AND owner = $2 AND epoch = $3`,
        [partition, workerID, String(epoch)],
      );
      if (found === undefined) return false;
      known.set(partition, found.commits);
    }
    throw new EventStoreUnavailableError(
      `${deliveriesIn(schema).subject}: another store of the same worker writes to partition ${partition}; use one store in a worker`,
    );
  }

  return {
    async partitions() {
      const found = await questions.rows<{
        readonly number: number;
        readonly owner: string | null;
        readonly epoch: string;
      }>(`SELECT number, owner, epoch::text AS epoch FROM ${schema}.delivery_partition ORDER BY number`);
      return found.map(({ number, owner, epoch }): PartitionLease => ({
        partition: number,
        owner: owner ?? undefined,
        epoch: BigInt(epoch),
      }));
    },
    claim,
    commit: (commit) => questions.ask((client) => commitOnce(client, commit)),
    release: ({ partition, workerID, epoch }) =>
      questions.run(
        `UPDATE ${schema}.delivery_partition SET owner = NULL WHERE number = $1 AND owner = $2 AND epoch = $3`,
        [partition, workerID, String(epoch)],
      ),
    state: (partition) =>
      questions.ask((client) =>
        inTransaction(client, 'REPEATABLE READ READ ONLY', () => readState(client, schema, partition)),
      ),
  };
}
