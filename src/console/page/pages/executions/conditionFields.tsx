import type { VNode } from 'preact';
import type { Catalogue } from '../../../wire/executions.js';
import { ChoiceField, TextField } from '../../parts/field.js';
import { useQuery } from '../../state/query.js';
import { executionID, hintOf, kinds, scopesOf, type ConditionDraft } from './conditionDraft.js';

interface ConditionFieldsProps {
  readonly draft: ConditionDraft;
  readonly onChange: (draft: ConditionDraft) => void;
}

function suggestions(catalogue: Catalogue | undefined, { kind, scope }: ConditionDraft): readonly string[] {
  if (!catalogue) return [];
  if (kind === 'event') return scope === 'exact' ? catalogue.events : [];
  if (kind === 'function') return catalogue.functions;
  return scope === 'exact' ? catalogue.methods : catalogue.services;
}

export function ConditionFields({ draft, onChange }: ConditionFieldsProps): VNode {
  const catalogue = useQuery<Catalogue>('api/catalogue');
  const { kind, scope, name } = draft;
  return (
    <>
      <div class="row">
        <ChoiceField
          label="What happens"
          value={kind}
          options={kinds}
          onChange={(chosen) => onChange({ kind: chosen, scope: 'exact', name: '' })}
        />
        <ChoiceField
          label="How much of it"
          value={scope}
          options={scopesOf(kind)}
          onChange={(chosen) => onChange({ ...draft, scope: chosen })}
        />
      </div>
      {scope !== 'all' && (
        <TextField
          label="Name"
          value={name}
          list="condition-names"
          hint={hintOf(draft)}
          onChange={(typed) => onChange({ ...draft, name: typed })}
          isRequired
        />
      )}
      <datalist id="condition-names">
        {suggestions(catalogue.data, draft).map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <p class="note">
        Execution <code class="long">{executionID(draft)}</code>
      </p>
    </>
  );
}
