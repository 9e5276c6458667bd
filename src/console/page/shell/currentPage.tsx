import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { Page } from '../parts/page.js';
import { CallPage } from '../pages/calls/callPage.js';
import { CallsPage } from '../pages/calls/callsPage.js';
import { DeliveriesPage } from '../pages/deliveries/deliveriesPage.js';
import { DeliveryPage } from '../pages/deliveries/deliveryPage.js';
import { ExecutionPage } from '../pages/executions/executionPage.js';
import { ExecutionsPage } from '../pages/executions/executionsPage.js';
import { ExplainPage } from '../pages/explain/explainPage.js';
import { OverviewPage } from '../pages/overview/overviewPage.js';
import { PlotsPage } from '../pages/plots/plotsPage.js';
import { TargetPage } from '../pages/targets/targetPage.js';
import { TargetsPage } from '../pages/targets/targetsPage.js';
import { useApp } from '../state/app.js';
import { useRoute } from '../state/route.js';
import { firstPage } from './navigation.js';

/** Renders the page of the route. Keys reset the page when it shows another item of the same kind. */
function pageOf(name: string, id: string | undefined): VNode | undefined {
  switch (name) {
    case 'overview':
      return <OverviewPage key="overview" />;
    case 'targets':
      return id === undefined ? <TargetsPage key="targets" /> : <TargetPage key={`target ${id}`} id={id} />;
    case 'executions':
      return id === undefined ? (
        <ExecutionsPage key="executions" />
      ) : (
        <ExecutionPage key={`execution ${id}`} id={id} />
      );
    case 'explain':
      return <ExplainPage key="explain" />;
    case 'calls':
      if (id === 'plots') return <PlotsPage key="plots" />;
      return id === undefined ? <CallsPage key="calls" /> : <CallPage key={`call ${id}`} id={id} />;
    case 'deliveries':
      return id === undefined ? (
        <DeliveriesPage key="deliveries" />
      ) : (
        <DeliveryPage key={`delivery ${id}`} id={id} />
      );
    default:
      return undefined;
  }
}

export function CurrentPage(): VNode {
  const { session, said } = useApp();
  const { path } = useRoute();
  const [name = firstPage(session), id] = path;
  const where = `${name} ${id ?? ''}`;
  useEffect(() => () => said.set(''), [said, where]);
  return (
    pageOf(name, id) ?? (
      <Page key="unknown" title="There is no such page">
        <p>The address names no page of the console. The pages stand in the navigation.</p>
      </Page>
    )
  );
}
