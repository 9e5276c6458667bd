import type { VNode } from 'preact';
import type { Session } from '../../wire/session.js';
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

/** A page of the console, in the order of the navigation. */
interface ConsolePage {
  /** The first segment of the route. */
  readonly path: string;
  readonly name: string;
  /** Whether the navigation shows the page. The server decides what the caller may read. */
  isFor(session: Session): boolean;
  /** Renders the page, or the page of one item. Keys reset the page when it shows another item of the same kind. */
  render(id: string | undefined): VNode;
}

export const pages: readonly ConsolePage[] = [
  {
    path: 'overview',
    name: 'Overview',
    isFor: ({ can }) => can.readTargets,
    render: () => <OverviewPage key="overview" />,
  },
  {
    path: 'targets',
    name: 'Targets',
    isFor: ({ can }) => can.readTargets,
    render: (id) =>
      id === undefined ? <TargetsPage key="targets" /> : <TargetPage key={`target ${id}`} id={id} />,
  },
  {
    path: 'executions',
    name: 'Executions',
    isFor: ({ can }) => can.readExecutions,
    render: (id) =>
      id === undefined ? (
        <ExecutionsPage key="executions" />
      ) : (
        <ExecutionPage key={`execution ${id}`} id={id} />
      ),
  },
  {
    path: 'explain',
    name: 'Explain',
    isFor: ({ can }) => can.readExecutions,
    render: () => <ExplainPage key="explain" />,
  },
  {
    path: 'calls',
    name: 'Calls',
    isFor: ({ can, calls }) => can.readExecutions && calls,
    render(id) {
      if (id === 'plots') return <PlotsPage key="plots" />;
      return id === undefined ? <CallsPage key="calls" /> : <CallPage key={`call ${id}`} id={id} />;
    },
  },
  {
    path: 'deliveries',
    name: 'Deliveries',
    isFor: ({ can, deliveries }) => can.readTargets && deliveries,
    render: (id) =>
      id === undefined ? (
        <DeliveriesPage key="deliveries" />
      ) : (
        <DeliveryPage key={`delivery ${id}`} id={id} />
      ),
  },
];

/** The pages that the navigation shows to the caller. */
export const pagesOf = (session: Session): readonly ConsolePage[] =>
  pages.filter((page) => page.isFor(session));

/** The page of the route without a path. */
export const firstPage = (session: Session): string => pagesOf(session)[0]?.path ?? 'overview';
