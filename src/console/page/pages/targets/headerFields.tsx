import type { VNode } from 'preact';
import { Button } from '../../parts/button.js';
import { TextField } from '../../parts/field.js';
import type { HeaderDraft } from './draft.js';

interface HeaderFieldsProps {
  readonly headers: readonly HeaderDraft[];
  readonly onChange: (headers: readonly HeaderDraft[]) => void;
}

/**
 * Fields for headers. Values are secrets: the server never shows a stored value, and keeps it unless the operator types
 * another.
 */
export function HeaderFields({ headers, onChange }: HeaderFieldsProps): VNode {
  const replace = (place: number, changed: Partial<HeaderDraft>) =>
    onChange(headers.map((header, index) => (index === place ? { ...header, ...changed } : header)));
  return (
    <fieldset>
      <legend>Headers of each call</legend>
      {headers.map((header, place) => (
        <div class="row" key={place}>
          <TextField label="Name" value={header.name} onChange={(name) => replace(place, { name })} />
          <TextField
            label="Value"
            isSecret
            value={header.value}
            placeholder={header.isKept ? 'kept as it is' : ''}
            onChange={(value) => replace(place, { value, isKept: false })}
          />
          <Button
            label={`Remove header ${header.name}`}
            onPress={() => onChange(headers.filter((_, index) => index !== place))}
          >
            Remove
          </Button>
        </div>
      ))}
      <Button onPress={() => onChange([...headers, { name: '', value: '', isKept: false }])}>
        Add a header
      </Button>
    </fieldset>
  );
}
