import type { VNode } from 'preact';
import { ChoiceField } from '../../parts/field.js';
import { KindFilter } from '../../parts/kindFilter.js';
import { Search } from '../../parts/search.js';
import { filter, link, useRoute } from '../../state/route.js';
import { shown } from '../../parts/text.js';

const verdicts = [
  ['', 'all'],
  ['passed', 'passed'],
  ['amended', 'amended'],
  ['refused', 'refused'],
  ['failed', 'failed'],
] as const;

export function CallFilters(): VNode {
  const { query } = useRoute();
  const { verdict = '', kind = '', search = '', targetID } = query;
  return (
    <>
      <div class="filters">
        <Search label="Search" name="search" value={search} placeholder="condition, target or id" />
        <ChoiceField
          label="Verdict"
          value={verdict}
          options={verdicts}
          onChange={(chosen) => filter({ verdict: chosen })}
        />
        <KindFilter kind={kind} all="all" />
      </div>
      {targetID !== undefined && (
        <p class="note">
          Only calls of target <code>{shown(targetID, 60)}</code>.{' '}
          <a href={link(['calls'], { ...query, targetID: undefined })}>Show those of all targets</a>
        </p>
      )}
    </>
  );
}
