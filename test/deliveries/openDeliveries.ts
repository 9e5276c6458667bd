import { createDeliveries, memoryDeliveryStore } from '../../src/index.js';
import type {
  Deliveries,
  DeliveriesOptions,
  DeliveryReport,
  DeliveryStore,
  DeliveryWorker,
  WorkOptions,
} from '../../src/index.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, type OpenedActions, type OpenOptions } from '../support/openActions.js';

interface OpenedDeliveries extends OpenedActions {
  readonly deliveries: Deliveries;
  readonly deliveryStore: DeliveryStore;
  readonly told: readonly DeliveryReport[];
  work(options?: WorkOptions): Promise<DeliveryWorker>;
}

/**
 * Short waits, so that a test does not take long; never asserted. The lease outlasts every stall of a busy machine: a worker
 * whose lease has ended calls again what it called before. A test of the end of a lease gives a shorter one.
 */
export const quick: WorkOptions = {
  commitMs: 20,
  leaseMs: 60_000,
  retry: { firstDelayMs: 5, maxDelayMs: 40, jitter: 0.2 },
  probeMs: 50,
};

/** For tests of the end of a lease, which a machine that stalls may bring about as well. Milliseconds. */
export const shortLeaseMs = 1_000;

export const durable = { type: 'async', delivery: 'durable' } as const;

/** Actions, and durable deliveries over them. Everything is closed after the test. */
export async function openDeliveries(
  options: Partial<Omit<DeliveriesOptions, 'actions'>> = {},
  actionsOptions: OpenOptions = {},
): Promise<OpenedDeliveries> {
  const opened = await openActions(actionsOptions);
  const told: DeliveryReport[] = [];
  const deliveryStore = options.store ?? memoryDeliveryStore();
  const deliveries = createDeliveries({
    actions: opened.actions,
    store: deliveryStore,
    onDelivery: (report) => told.push(report),
    ...options,
  });
  return {
    ...opened,
    deliveries,
    deliveryStore,
    told,
    async work(given = {}) {
      const worker = await deliveries.work({ ...quick, ...given });
      closeAfterTest(() => worker.stop());
      return worker;
    },
  };
}
