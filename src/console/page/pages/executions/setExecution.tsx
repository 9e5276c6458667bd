import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Execution, SetExecution as Change, ShownEntry } from '../../../wire/executions.js';
import { apiPath } from '../../api/apiPath.js';
import type { Client } from '../../api/client.js';
import { Failure } from '../../api/requestFailure.js';
import { Button } from '../../parts/button.js';
import { FormDialog } from '../../parts/dialogs/formDialog.js';
import { Problem } from '../../parts/problem.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { go, link } from '../../state/route.js';
import { executionID, type ConditionDraft } from './conditionDraft.js';
import { ConditionFields } from './conditionFields.js';
import { asEntry, keyOf } from './entries.js';
import { EntryAdder } from './entryAdder.js';
import { EntryList } from './entryList.js';

interface SetExecutionProps {
  /** The execution to change. Absent: a new one. */
  readonly execution?: Execution;
  readonly onSet?: (execution: Execution) => void;
  readonly onClose: () => void;
}

const first: ConditionDraft = { kind: 'event', scope: 'exact', name: '' };

/** `null` where it was removed: the list is set as that of a new one. */
async function newestRevision(client: Client, id: string): Promise<string | null> {
  try {
    return (await client.get<Execution>(apiPath('executions/one', { id }))).revision;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'missing') return null;
    throw error;
  }
}

export function SetExecution({ execution, onSet, onClose }: SetExecutionProps): VNode {
  const { client, said } = useApp();
  const change = useChange();
  const newest = useChange();
  const [condition, setCondition] = useState(first);
  const [entries, setEntries] = useState<readonly ShownEntry[]>(execution?.entries ?? []);
  const [revision, setRevision] = useState(execution?.revision ?? null);
  const [isTyped, setTyped] = useState(false);
  const wasRemoved = execution !== undefined && revision === null;
  const id = execution?.id ?? executionID(condition);
  const edit = (changed: readonly ShownEntry[]) => {
    setEntries(changed);
    setTyped(true);
  };
  const save = async () => {
    const body: Change = { id, entries: entries.map(asEntry), revision };
    const set = await client.post<Execution>('api/executions', body);
    onSet?.(set);
    onClose();
    said.set('The execution is set.');
    if (!execution) go(link(['executions', id]));
  };
  const load = async () => {
    setRevision(await newestRevision(client, id));
    change.forget();
  };
  return (
    <FormDialog
      title={execution ? 'Set the execution' : 'Set a new execution'}
      does="Set"
      doing="Setting…"
      change={change}
      isTyped={isTyped}
      onSubmit={() => change.run(save)}
      onClose={onClose}
    >
      {execution ? (
        <p>
          <code class="long">{id}</code>
        </p>
      ) : (
        <ConditionFields draft={condition} onChange={setCondition} />
      )}
      <h3>Called, in this order</h3>
      <EntryList entries={entries} onChange={edit} />
      <EntryAdder
        id={id}
        isListed={(entry) => entries.some((each) => keyOf(each) === keyOf(entry))}
        onAdd={(entry) => edit([...entries, entry])}
      />
      <Problem failure={change.failure ?? newest.failure} />
      {wasRemoved && (
        <p role="status">The execution was removed meanwhile. Set makes it again, with this list.</p>
      )}
      {change.failure?.kind === 'stale' && (
        <Button isBusy={newest.isBusy} onPress={() => newest.run(load)}>
          Keep my list, set it over the newest
        </Button>
      )}
    </FormDialog>
  );
}
