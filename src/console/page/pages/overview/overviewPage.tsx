import type { VNode } from 'preact';
import type { Deliveries } from '../../../wire/deliveries.js';
import type { Overview } from '../../../wire/session.js';
import { Loaded } from '../../parts/loaded.js';
import { Page, Section } from '../../parts/page.js';
import { useApp } from '../../state/app.js';
import { useQuery } from '../../state/query.js';
import { Attention } from './attention.js';
import { CalledTargets } from './calledTargets.js';
import { FailedEvents } from './failedEvents.js';
import { Tiles } from './tiles.js';

const everyMs = 5_000;

export function OverviewPage(): VNode {
  const { session } = useApp();
  const overview = useQuery<Overview>('api/overview', everyMs);
  const deliveries = useQuery<Deliveries>(session.deliveries ? 'api/deliveries' : undefined, everyMs);
  return (
    <Page title="Overview" note="This process, as it stands now. Read again every five seconds.">
      <Loaded query={overview}>
        {(found) => (
          <>
            <Attention overview={found} deliveries={deliveries.data} />
            <Tiles overview={found} deliveries={deliveries.data} />
            <Section
              title="Targets that were called"
              note="Since the process started; those that fail come first."
            >
              <CalledTargets targets={found.targets} total={found.totals.calledTargets} />
            </Section>
            {found.failedEvents.length > 0 && (
              <FailedEvents events={found.failedEvents} total={found.totals.failedEvents} />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
