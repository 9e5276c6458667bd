import type { VNode } from 'preact';
import { ChoiceField } from '../../parts/field.js';
import { Search } from '../../parts/search.js';
import { shown } from '../../parts/text.js';
import { filter, link, useRoute } from '../../state/route.js';

const states: readonly (readonly [value: string, text: string])[] = [
  ['', 'all'],
  ['waiting', 'waiting'],
  ['parked', 'dead letters'],
];

export function DeliveryFilters(): VNode {
  const { query } = useRoute();
  const { state = '', stream = '', targetID } = query;
  return (
    <>
      <div class="filters">
        <ChoiceField
          label="Shown"
          value={state}
          options={states}
          onChange={(chosen) => filter({ state: chosen })}
        />
        <Search label="Stream" name="stream" value={stream} placeholder="the whole name" />
      </div>
      {targetID !== undefined && (
        <p class="note">
          Only those to target <code>{shown(targetID, 60)}</code>.{' '}
          <a href={link(['deliveries'], { ...query, targetID: undefined })}>Show those to all targets</a>
        </p>
      )}
    </>
  );
}
