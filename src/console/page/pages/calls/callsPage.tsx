import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Call } from '../../../wire/calls.js';
import type { Listed } from '../../../wire/shared.js';
import { count } from '../../../../lib/shown/figures.js';
import { apiPath } from '../../api/apiPath.js';
import { Button } from '../../parts/button.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { Pager } from '../../parts/pager.js';
import { useFollow, type Followed } from '../../state/follow.js';
import { useQuery } from '../../state/query.js';
import { useRoute } from '../../state/route.js';
import { CallFilters } from './callFilters.js';
import { CallTable } from './callTable.js';
import { CallTabs } from './callTabs.js';

const mostRows = 200;

/** Merges followed calls with the listed ones below them; each call once. */
function joined(followed: readonly Call[], listed: readonly Call[]): readonly Call[] {
  const numbers = new Set(followed.map(({ number }) => number));
  return [...followed, ...listed.filter(({ number }) => !numbers.has(number))]
    .sort((one, other) => other.number - one.number)
    .slice(0, mostRows);
}

function State({ followed, isWanted }: { readonly followed: Followed; readonly isWanted: boolean }): VNode {
  const text = !isWanted ? 'Stopped' : followed.isFollowing ? 'Live' : 'Connecting…';
  return (
    <p class="live" role="status">
      <span class={`pulse ${isWanted && followed.isFollowing ? 'on' : ''}`} aria-hidden="true" />
      {text}
      {followed.missed > 0 && (
        <span class="quiet">{count(followed.missed)} calls were left out: too many at once</span>
      )}
    </p>
  );
}

export function CallsPage(): VNode {
  const { targetID, verdict, kind, search, after } = useRoute().query;
  const [isWanted, setWanted] = useState(true);
  const filters = { targetID, verdict, kind, search };
  const followed = useFollow(after === undefined ? apiPath('calls/live', filters) : undefined, isWanted);
  const listed = useQuery<Listed<Call>>(apiPath('calls', { ...filters, after, limit: 50 }));
  const { reload } = listed;
  // Read the list again when the stream begins: it has the calls from between.
  useEffect(() => {
    if (followed.isFollowing) reload();
  }, [followed.isFollowing, reload]);
  const calls = joined(followed.calls, listed.data?.items ?? []);
  return (
    <Page
      title="Calls"
      note="The latest calls of this process. Secrets are left out."
      actions={
        after === undefined && (
          <>
            <State followed={followed} isWanted={isWanted} />
            <Button onPress={() => setWanted(!isWanted)}>{isWanted ? 'Stop' : 'Follow'}</Button>
          </>
        )
      }
    >
      <CallTabs />
      <CallFilters />
      <section aria-label="List of calls">
        <Loaded query={listed}>
          {({ items, next, total }) => (
            <>
              <CallTable
                calls={calls}
                empty={
                  verdict || kind || search || targetID ? 'No call matches.' : 'No target was called yet.'
                }
              />
              <Pager shown={items.length} total={total} next={next} what="kept calls" />
            </>
          )}
        </Loaded>
      </section>
    </Page>
  );
}
