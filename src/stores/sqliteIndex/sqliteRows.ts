import { entriesOf, type Execution, type ExecutionEntry } from '../../execution/execution.js';
import type { IndexedStates, IndexRows, PlaceOf, Row } from '../../routing/rows/indexRows.js';
import type { Place } from '../../routing/rows/place.js';
import type { Target } from '../../target/target.js';
import type { DatedRow, ExecutionRow, Statements, TargetRow } from './statements.js';

export const datesOf = ({ version, created, changed }: DatedRow) => ({
  version,
  created: Number(created),
  changed: Number(changed),
});

const targetOf = (row: TargetRow): Row<Target> => ({
  ...datesOf(row),
  state: JSON.parse(row.state) as Target,
});

const executionOf = (row: ExecutionRow): Row<Execution> => ({
  ...datesOf(row),
  state:
    row.status === 'set'
      ? { status: 'set', targets: JSON.parse(row.targets) as ExecutionEntry[] }
      : { status: 'none' },
});

/** Implements the reducer's row interface over one generation. */
export function createSQLiteRows(sql: Statements): IndexRows {
  function putTarget({ instanceID, id }: Place, { version, created, changed, state }: Row<Target>): void {
    const { name = null, type = null, endpoint = null } = state.status === 'active' ? state : {};
    const json = JSON.stringify(state);
    sql.putTarget.run(instanceID, id, version, created, changed, state.status, name, type, endpoint, json);
  }

  function putExecution(
    { instanceID, id }: Place,
    { version, created, changed, state }: Row<Execution>,
  ): void {
    const json = JSON.stringify(entriesOf(state));
    sql.putExecution.run(instanceID, id, version, created, changed, state.status, json);
  }

  return {
    get<Kind extends Place['kind']>({ kind, instanceID, id }: PlaceOf<Kind>) {
      const row =
        kind === 'target'
          ? optional(sql.target.get(instanceID, id), targetOf)
          : optional(sql.execution.get(instanceID, id), executionOf);
      return row as Row<IndexedStates[Kind]> | undefined;
    },
    put(place, row) {
      if (place.kind === 'target') putTarget(place, row as Row<Target>);
      else putExecution(place, row as Row<Execution>);
    },
    delete({ kind, instanceID, id }) {
      if (kind === 'target') sql.deleteTarget.run(instanceID, id);
      else sql.deleteExecution.run(instanceID, id);
    },
    include({ instanceID, id }, included) {
      sql.putInclude.run(instanceID, included, id);
    },
    exclude({ instanceID, id }, included) {
      sql.deleteInclude.run(instanceID, included, id);
    },
  };
}

const optional = <From, To>(value: From | undefined, map: (value: From) => To): To | undefined =>
  value === undefined ? undefined : map(value);
