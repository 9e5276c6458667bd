import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { ShownEntry } from '../../../wire/executions.js';
import { Button } from '../../parts/button.js';
import { Badge } from '../../parts/badge.js';
import { entryText } from './entryLabel.js';
import { keyOf, moved } from './entries.js';

interface EntryListProps {
  readonly entries: readonly ShownEntry[];
  readonly onChange: (entries: readonly ShownEntry[]) => void;
}

/** The edited list, in the order of the calls. */
export function EntryList({ entries, onChange }: EntryListProps): VNode {
  const list = useRef<HTMLOListElement>(null);
  const remove = (place: number) => {
    onChange(entries.filter((_, index) => index !== place));
    // Move the focus: the button that had it is gone.
    list.current?.focus();
  };
  return (
    <ol class="entries" ref={list} tabIndex={-1} aria-label="Called, in this order">
      {entries.map((entry, place) => (
        <li key={keyOf(entry)}>
          <span class="entry">
            {entryText(entry)} {entry.missing && <Badge tone="bad" text="is gone" />}
          </span>
          <span class="actions">
            <Button
              label={`Move ${entryText(entry)} up`}
              isDisabled={place === 0}
              onPress={() => onChange(moved(entries, place, -1))}
            >
              ↑
            </Button>
            <Button
              label={`Move ${entryText(entry)} down`}
              isDisabled={place === entries.length - 1}
              onPress={() => onChange(moved(entries, place, 1))}
            >
              ↓
            </Button>
            <Button label={`Take ${entryText(entry)} off the list`} onPress={() => remove(place)}>
              ×
            </Button>
          </span>
        </li>
      ))}
      {entries.length === 0 && <li class="quiet">Nothing is called: a more general execution applies.</li>}
    </ol>
  );
}
