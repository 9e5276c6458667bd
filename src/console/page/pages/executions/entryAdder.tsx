import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Execution, ShownEntry } from '../../../wire/executions.js';
import type { Listed } from '../../../wire/shared.js';
import type { Target } from '../../../wire/targets.js';
import { apiPath } from '../../api/apiPath.js';
import { Button } from '../../parts/button.js';
import { TextField } from '../../parts/field.js';
import { useQuery } from '../../state/query.js';
import { keyOf } from './entries.js';
import { entryText } from './entryLabel.js';

const waitMs = 250;
const most = 6;

interface EntryAdderProps {
  /** The edited execution, which cannot include itself. */
  readonly id: string;
  readonly isListed: (entry: ShownEntry) => boolean;
  readonly onAdd: (entry: ShownEntry) => void;
}

/** Searches targets and executions while the operator types, and adds them at the end of the list. */
export function EntryAdder({ id, isListed, onAdd }: EntryAdderProps): VNode {
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), waitMs);
    return () => clearTimeout(timer);
  }, [typed]);
  const targets = useQuery<Listed<Target>>(apiPath('targets', { search, limit: most }));
  const executions = useQuery<Listed<Execution>>(
    search === '' ? undefined : apiPath('executions', { search, limit: most }),
  );
  const found: readonly ShownEntry[] = [
    ...(targets.data?.items ?? []).map(({ id: target, name }) => ({ target, name, missing: false })),
    ...(search === '' ? [] : (executions.data?.items ?? []))
      .filter((execution) => execution.id !== id)
      .map((execution) => ({ include: execution.id, missing: false })),
  ].filter((entry) => !isListed(entry));
  return (
    <div class="adder">
      <TextField
        label="Look for a target or an execution"
        type="search"
        value={typed}
        onChange={setTyped}
        hint="An execution stands for all that its own list calls."
      />
      <ul class="found" aria-label="Found" aria-busy={targets.isLoading || executions.isLoading}>
        {found.map((entry) => {
          const text = entryText(entry);
          return (
            <li key={keyOf(entry)}>
              <Button kind="quiet" label={`Add ${text}`} onPress={() => onAdd(entry)}>
                + {text}
              </Button>
            </li>
          );
        })}
        {found.length === 0 && !targets.isLoading && <li class="quiet">Nothing else was found.</li>}
      </ul>
    </div>
  );
}
