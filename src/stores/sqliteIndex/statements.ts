import type Database from 'better-sqlite3';
import { mostFailedEvents, type FailedEvent } from '../../routing/rows/failedEvents.js';
import { indexFormat } from './indexTables.js';

/** The common columns of targets and executions. */
export interface DatedRow {
  readonly id: string;
  readonly version: bigint;
  readonly created: bigint;
  readonly changed: bigint;
  readonly status: string;
}

export interface TargetRow extends DatedRow {
  readonly state: string;
}

export interface ExecutionRow extends DatedRow {
  readonly targets: string;
}

type Query<Parameters extends unknown[], Row> = Database.Statement<Parameters, Row>;
type Change<Parameters extends unknown[] = unknown[]> = Database.Statement<Parameters>;

/** The queries and changes of the rows of one generation. */
export interface Statements {
  readonly target: Query<[instanceID: string, id: string], TargetRow>;
  readonly targets: Query<[instanceID: string], TargetRow>;
  readonly putTarget: Change;
  readonly deleteTarget: Change;
  readonly execution: Query<[instanceID: string, id: string], ExecutionRow>;
  readonly executions: Query<[instanceID: string], ExecutionRow>;
  readonly putExecution: Change;
  readonly deleteExecution: Change;
  readonly includedBy: Query<[instanceID: string, included: string], string>;
  readonly putInclude: Change;
  readonly deleteInclude: Change;
  readonly instanceIDs: Query<[], string>;
  readonly position: Query<[], bigint | null>;
  readonly frontier: Query<[], bigint | null>;
  readonly advance: Change<[{ readonly position: bigint | null; readonly frontier: bigint }]>;
  readonly failed: Query<[], FailedEvent>;
  readonly putFailed: Change;
  readonly countTargets: Query<[], number>;
  readonly countExecutions: Query<[], number>;
}

/**
 * Without a number each statement uses the generation that is in use when it runs, so that a read never mixes two
 * generations.
 */
export function createStatements(db: Database.Database, generation: number | undefined): Statements {
  const g =
    generation === undefined
      ? `(SELECT generation FROM current WHERE format = ${indexFormat})`
      : String(generation);
  return {
    target: db
      .prepare<[string, string], TargetRow>(
        `SELECT id, version, created, changed, status, state FROM target WHERE generation = ${g} AND instance_id = ? AND id = ?`,
      )
      .safeIntegers(),
    targets: db
      .prepare<[string], TargetRow>(
        `SELECT id, version, created, changed, status, state FROM target WHERE generation = ${g} AND instance_id = ? AND status = 'active' ORDER BY id`,
      )
      .safeIntegers(),
    putTarget: db.prepare(
      `INSERT OR REPLACE INTO target (generation, instance_id, id, version, created, changed, status, name, type, endpoint, state)
       VALUES (${g}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    deleteTarget: db.prepare(`DELETE FROM target WHERE generation = ${g} AND instance_id = ? AND id = ?`),
    execution: db
      .prepare<[string, string], ExecutionRow>(
        `SELECT id, version, created, changed, status, targets FROM execution WHERE generation = ${g} AND instance_id = ? AND id = ?`,
      )
      .safeIntegers(),
    executions: db
      .prepare<[string], ExecutionRow>(
        `SELECT id, version, created, changed, status, targets FROM execution WHERE generation = ${g} AND instance_id = ? AND status = 'set' ORDER BY id`,
      )
      .safeIntegers(),
    putExecution: db.prepare(
      `INSERT OR REPLACE INTO execution (generation, instance_id, id, version, created, changed, status, targets) VALUES (${g}, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    deleteExecution: db.prepare(
      `DELETE FROM execution WHERE generation = ${g} AND instance_id = ? AND id = ?`,
    ),
    includedBy: db
      .prepare<[string, string], string>(
        `SELECT execution FROM include WHERE generation = ${g} AND instance_id = ? AND included = ?`,
      )
      .pluck(),
    putInclude: db.prepare(
      `INSERT OR REPLACE INTO include (generation, instance_id, included, execution) VALUES (${g}, ?, ?, ?)`,
    ),
    deleteInclude: db.prepare(
      `DELETE FROM include WHERE generation = ${g} AND instance_id = ? AND included = ? AND execution = ?`,
    ),
    instanceIDs: db
      .prepare<[], string>(
        `SELECT instance_id FROM target WHERE generation = ${g} UNION SELECT instance_id FROM execution WHERE generation = ${g}`,
      )
      .pluck(),
    position: db
      .prepare<[], bigint | null>(`SELECT position FROM generation WHERE id = ${g}`)
      .pluck()
      .safeIntegers(),
    frontier: db
      .prepare<[], bigint | null>(`SELECT frontier FROM generation WHERE id = ${g}`)
      .pluck()
      .safeIntegers(),
    /** Neither position nor frontier goes back, whichever process writes. */
    advance: db.prepare<[{ position: bigint | null; frontier: bigint }]>(
      `UPDATE generation SET position = CASE WHEN @position IS NULL OR position >= @position THEN position ELSE @position END,
         frontier = CASE WHEN frontier >= @frontier THEN frontier ELSE @frontier END WHERE id = ${g}`,
    ),
    failed: db
      .prepare<[], FailedEvent>(
        `SELECT stream, version, position, type, reason FROM failed_event WHERE generation = ${g} ORDER BY position LIMIT ${mostFailedEvents}`,
      )
      .safeIntegers(),
    putFailed: db.prepare(
      `INSERT OR IGNORE INTO failed_event (generation, stream, version, position, type, reason) SELECT ${g}, ?, ?, ?, ?, ?
       WHERE (SELECT count(*) FROM failed_event WHERE generation = ${g}) < ${mostFailedEvents}`,
    ),
    countTargets: db.prepare<[], number>(`SELECT count(*) FROM target WHERE generation = ${g}`).pluck(),
    countExecutions: db.prepare<[], number>(`SELECT count(*) FROM execution WHERE generation = ${g}`).pluck(),
  };
}
