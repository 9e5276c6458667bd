import { later, type ConditionIndex } from '../../routing/conditionIndex.js';
import { reduceEvent } from '../../routing/rows/reduceEvent.js';
import { createTargetMemory, durableView } from './durableView.js';
import type { FileAccess } from './fileAccess.js';
import { createSQLiteRows } from './sqliteRows.js';
import type { Statements } from './statements.js';
import type { Writes } from './writes.js';

interface DurableIndexOptions {
  /** Statements on a fixed generation of rows, or on the generation that is in use when each statement runs. */
  readonly sql: Statements;
  readonly writes: Writes;
  readonly access: FileAccess;
}

/** The index in the rows of an SQLite file. */
export function createDurableIndex({ sql, writes, access }: DurableIndexOptions): ConditionIndex {
  const rows = createSQLiteRows(sql);
  const targets = createTargetMemory();
  let position: bigint | undefined;
  let seen = 0;

  /** Reads the position again in a new transaction: another process may have advanced it. */
  function refresh(transaction: number): void {
    if (transaction !== seen) position = sql.position.get() ?? undefined;
    seen = transaction;
  }

  const change = (write: () => void): void => {
    access.use(() => {
      writes.do((transaction) => {
        refresh(transaction);
        write();
      });
    });
  };

  return {
    instance: (instanceID) => durableView(sql, access, targets, instanceID),
    instanceIDs: () => access.use(() => sql.instanceIDs.all()),
    apply(event, delivered) {
      change(() => {
        if (position !== undefined && event.position <= position) return;
        const failure = reduceEvent(rows, { event, delivered });
        if (failure)
          sql.putFailed.run(failure.stream, failure.version, failure.position, failure.type, failure.reason);
        if (delivered) position = event.position;
        sql.advance.run({ position: delivered ? event.position : null, frontier: event.position });
      });
    },
    reach(reached) {
      change(() => {
        position = later(position, reached);
        sql.advance.run({ position: reached, frontier: reached });
      });
    },
    get position() {
      return access.useOr(undefined, () => sql.position.get() ?? undefined);
    },
    get frontier() {
      return access.useOr(undefined, () => sql.frontier.get() ?? undefined);
    },
    get failedEvents() {
      return access.useOr([], () => sql.failed.all());
    },
    get sizes() {
      return access.useOr({ targets: 0, executions: 0 }, () => ({
        targets: sql.countTargets.get() ?? 0,
        executions: sql.countExecutions.get() ?? 0,
      }));
    },
  };
}
