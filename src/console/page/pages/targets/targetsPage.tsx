import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Listed } from '../../../wire/shared.js';
import type { Target, TargetSort } from '../../../wire/targets.js';
import { apiPath } from '../../api/apiPath.js';
import { Badge } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { DataTable } from '../../parts/dataTable.js';
import { ChoiceField } from '../../parts/field.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Pager } from '../../parts/pager.js';
import { Search } from '../../parts/search.js';
import { Code, shown, Time } from '../../parts/text.js';
import { useApp } from '../../state/app.js';
import { useQuery } from '../../state/query.js';
import { filter, link, useRoute } from '../../state/route.js';
import { AddTarget } from './addTarget.js';
import { enforcementText } from './targetFacts.js';
import { typeName } from './settingNames.js';

const sorts: readonly (readonly [value: TargetSort | `-${TargetSort}`, text: string])[] = [
  ['name', 'name'],
  ['-changed', 'changed last'],
  ['-created', 'added last'],
  ['type', 'type'],
];

const TargetTable = ({
  targets,
  isFiltered,
}: {
  readonly targets: readonly Target[];
  readonly isFiltered: boolean;
}): VNode => (
  <DataTable
    caption="Targets"
    rows={targets}
    keyOf={({ id }) => id}
    empty={isFiltered ? 'No target matches.' : 'There is no target yet.'}
    columns={[
      { title: 'Name', cell: ({ id, name }) => <a href={link(['targets', id])}>{shown(name, 80)}</a> },
      { title: 'Type', cell: ({ type }) => typeName[type] },
      { title: 'Endpoint', cell: ({ endpoint }) => <Code text={endpoint} length={80} /> },
      {
        title: 'Answers',
        cell: (target) => (target.paused ? <Badge tone="warn" text="paused" /> : enforcementText(target)),
      },
      { title: 'Changed (UTC)', cell: ({ changed }) => <Time at={changed} /> },
    ]}
  />
);

export function TargetsPage(): VNode {
  const { session } = useApp();
  const { search = '', after, sort = 'name' } = useRoute().query;
  const [isAdding, setAdding] = useState(false);
  const targets = useQuery<Listed<Target>>(apiPath('targets', { search, after, sort, limit: 50 }));
  return (
    <Page
      title="Targets"
      note="Endpoints that are called. An execution names them."
      actions={
        session.can.writeTargets && (
          <Button kind="primary" onPress={() => setAdding(true)}>
            Add a target
          </Button>
        )
      }
    >
      <div class="filters">
        <Search label="Search" name="search" value={search} placeholder="name or id" />
        <ChoiceField
          label="Sorted by"
          value={sort}
          options={sorts}
          onChange={(chosen) => filter({ sort: chosen === 'name' ? undefined : chosen })}
        />
      </div>
      <section aria-label="List of targets">
        <Loaded query={targets}>
          {({ items, next, total }) => (
            <>
              <TargetTable targets={items} isFiltered={search !== ''} />
              <Pager shown={items.length} total={total} next={next} what="targets" />
            </>
          )}
        </Loaded>
      </section>
      {isAdding && <AddTarget onClose={() => setAdding(false)} />}
    </Page>
  );
}
