import type { VNode } from 'preact';
import type { Execution } from '../../../wire/executions.js';
import type { Listed } from '../../../wire/shared.js';
import { count } from '../../../../lib/shown/figures.js';
import { apiPath } from '../../api/apiPath.js';
import { DataTable } from '../../parts/dataTable.js';
import { Loaded } from '../../parts/loaded.js';
import { Pager } from '../../parts/pager.js';
import { shown, Time } from '../../parts/text.js';
import { useQuery } from '../../state/query.js';
import { link, useRoute } from '../../state/route.js';
import { entryText } from './entryLabel.js';

const listText = ({ entries }: Execution): string => {
  const some = entries.slice(0, 3).map(entryText).join(', ');
  return entries.length === 0
    ? 'no target'
    : entries.length > 3
      ? `${some} and ${count(entries.length - 3)} others`
      : some;
};

/** The executions that match the search. */
export function ExecutionList({ kind, search }: { readonly kind: string; readonly search: string }): VNode {
  const { after } = useRoute().query;
  const executions = useQuery<Listed<Execution>>(apiPath('executions', { kind, search, after, limit: 50 }));
  return (
    <Loaded query={executions}>
      {({ items, next, total }) => (
        <>
          <DataTable
            caption="Executions"
            rows={items}
            keyOf={({ id }) => id}
            empty={search === '' ? 'There is no execution yet.' : 'No execution matches.'}
            columns={[
              {
                title: 'Execution',
                cell: ({ id }) => (
                  <a class="mono long" href={link(['executions', id])}>
                    {shown(id, 200)}
                  </a>
                ),
              },
              {
                title: 'Calls, in this order',
                cell: (execution) => <span class="long">{listText(execution)}</span>,
              },
              {
                title: 'Shadows',
                cell: ({ shadows }) =>
                  shadows.length === 0 ? (
                    '–'
                  ) : (
                    <span class="long">{shadows.map((id) => shown(id, 80)).join(', ')}</span>
                  ),
              },
              {
                title: 'Shadowed by',
                isNumber: true,
                cell: ({ shadowedBy }) => (shadowedBy.count === 0 ? '–' : count(shadowedBy.count)),
              },
              { title: 'Changed (UTC)', cell: ({ changed }) => <Time at={changed} /> },
            ]}
          />
          <Pager shown={items.length} total={total} next={next} what="executions" />
        </>
      )}
    </Loaded>
  );
}
