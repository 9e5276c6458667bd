import type { VNode } from 'preact';
import type { Delivery } from '../../../wire/deliveries.js';
import { Badge } from '../../parts/badge.js';

/** The state of a delivery. */
export const DeliveryBadge = ({ state }: { readonly state: Delivery['state'] }): VNode =>
  state === 'parked' ? <Badge tone="bad" text="dead letter" /> : <Badge tone="warn" text="waiting" />;
