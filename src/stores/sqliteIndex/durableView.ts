import type { ExecutionEntry } from '../../execution/execution.js';
import type { InstanceIndex } from '../../routing/conditionIndex.js';
import type { ActiveTarget } from '../../target/target.js';
import type { FileAccess } from './fileAccess.js';
import { datesOf } from './sqliteRows.js';
import type { Statements } from './statements.js';

const mostTargets = 10_000;
/** The largest total size of the JSON of all cached targets. */
const mostCharacters = 16_777_216;

/** Returns the same object for a target until the target changes: decrypted secrets are cached by this object. */
interface TargetMemory {
  /** @param json - the stored state of this version */
  of(place: string, version: bigint, json: string): ActiveTarget;
}

/** A cache for all instances together, limited in count and size. */
export function createTargetMemory(): TargetMemory {
  const remembered = new Map<string, { readonly version: bigint; readonly target: ActiveTarget }>();
  let characters = 0;

  return {
    of(place, version, json) {
      const known = remembered.get(place);
      if (known?.version === version) return known.target;
      const target = JSON.parse(json) as ActiveTarget;
      if (json.length > mostCharacters) return target;
      characters += json.length;
      if (remembered.size >= mostTargets || characters > mostCharacters) {
        remembered.clear();
        characters = json.length;
      }
      remembered.set(place, { version, target });
      return target;
    },
  };
}

/** Reads the rows of one instance. The view holds no state, so that a thousand instances cost nothing. */
export function durableView(
  sql: Statements,
  { use }: FileAccess,
  targets: TargetMemory,
  instanceID: string,
): InstanceIndex {
  const entriesOf = (json: string) => JSON.parse(json) as readonly ExecutionEntry[];
  return {
    entries: (executionID) =>
      use(() => {
        const row = sql.execution.get(instanceID, executionID);
        return row?.status === 'set' ? entriesOf(row.targets) : undefined;
      }),
    target: (targetID) =>
      use(() => {
        const row = sql.target.get(instanceID, targetID);
        if (row?.status !== 'active') return undefined;
        return targets.of(`${instanceID}.${targetID}`, row.version, row.state);
      }),
    includedBy: (executionID) => use(() => sql.includedBy.all(instanceID, executionID)),
    dates: (kind, id) =>
      use(() => {
        const row = sql[kind].get(instanceID, id);
        return row && datesOf(row);
      }),
    executions: () =>
      use(() =>
        sql.executions.all(instanceID).map((row) => [row.id, entriesOf(row.targets), datesOf(row)] as const),
      ),
    targets: () =>
      use(() =>
        sql.targets
          .all(instanceID)
          .map((row) => [row.id, JSON.parse(row.state) as ActiveTarget, datesOf(row)] as const),
      ),
  };
}
