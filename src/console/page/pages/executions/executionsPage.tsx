import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { KindFilter } from '../../parts/kindFilter.js';
import { Page } from '../../parts/page.js';
import { Search } from '../../parts/search.js';
import { Tabs } from '../../parts/tabs.js';
import { useApp } from '../../state/app.js';
import { link, useRoute } from '../../state/route.js';
import { Branch } from './branch.js';
import { ExecutionList } from './executionList.js';
import { SetExecution } from './setExecution.js';

export function ExecutionsPage(): VNode {
  const { session } = useApp();
  const { kind = '', search = '', view } = useRoute().query;
  const [isSetting, setSetting] = useState(false);
  // Show a list while searching: matches may be anywhere in the tree.
  const isList = view === 'list' || search !== '';
  return (
    <Page
      title="Executions"
      note="A condition and whom it calls. Of several that match, the most specific one applies."
      actions={
        session.can.writeExecutions && (
          <Button kind="primary" onPress={() => setSetting(true)}>
            Set an execution
          </Button>
        )
      }
    >
      <Tabs
        label="Views of executions"
        tabs={[
          [link(['executions'], { kind }), 'Tree', !isList],
          [link(['executions'], { kind, view: 'list' }), 'List', isList],
        ]}
      />
      <div class="filters">
        <Search label="Search" name="search" value={search} placeholder="part of an id" />
        <KindFilter kind={kind} all="all kinds" />
      </div>
      <section aria-label="Executions">
        {isList ? <ExecutionList kind={kind} search={search} /> : <Branch key={kind} kind={kind} />}
      </section>
      {isSetting && <SetExecution onClose={() => setSetting(false)} />}
    </Page>
  );
}
