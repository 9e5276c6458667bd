import type { VNode } from 'preact';
import type { Deliveries } from '../../../wire/deliveries.js';
import { Loaded } from '../../parts/loaded.js';
import { Page, Section } from '../../parts/page.js';
import { deliveriesText } from './deliveriesText.js';
import { useQuery } from '../../state/query.js';
import { DeliveryFilters } from './deliveryFilters.js';
import { DeliveryList } from './deliveryList.js';
import { TargetStates } from './targetStates.js';

const everyMs = 5_000;

export function DeliveriesPage(): VNode {
  const status = useQuery<Deliveries>('api/deliveries', everyMs);
  return (
    <Page title="Deliveries" note="What is delivered after the commit, until the target answers.">
      <Section title="Targets" {...(status.data && { note: deliveriesText(status.data) })}>
        <Loaded query={status}>{({ targets }) => <TargetStates targets={targets} />}</Loaded>
      </Section>
      <Section title="What waits, and dead letters">
        <DeliveryFilters />
        <DeliveryList />
      </Section>
    </Page>
  );
}
