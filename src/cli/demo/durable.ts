import { createDeliveries, type Actions, type DeliveriesStatus, type DeliveryReport } from '../../index.js';
import type { DemoStore } from './demoStore.js';
import type { GitHubEvent } from './githubEvents.js';
import { setTimeout as pause } from 'node:timers/promises';

/** The library's counts of durable deliveries. */
export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly status: DeliveriesStatus;
}

/** A worker that runs beside the appends. */
interface Delivering {
  /** Resolves when the worker has noticed that a target is down. */
  whenDown(signal: AbortSignal): Promise<void>;
  /** Resolves with the counts once nothing is left to deliver. */
  whenDelivered(signal: AbortSignal): Promise<DeliveryCounts>;
}

/**
 * Starts a worker that delivers the events of this run, with short waits between attempts. It stops when the actions close.
 */
export async function startDelivering(
  actions: Actions,
  { progress }: DemoStore,
  events: readonly GitHubEvent[],
): Promise<Delivering> {
  const outcomes: DeliveryReport['outcome'][] = [];
  const deliveries = createDeliveries({
    actions,
    store: progress,
    // Other programs may append to a store that the user named.
    prefixes: [...new Set(events.map(({ stream }) => stream))],
    onDelivery: ({ outcome }) => outcomes.push(outcome),
  });
  const worker = await deliveries.work({
    commitMs: 50,
    failures: 5,
    probeMs: 200,
    retry: { firstDelayMs: 50, maxDelayMs: 500 },
  });
  const count = (outcome: DeliveryReport['outcome']): number =>
    outcomes.filter((each) => each === outcome).length;
  return {
    async whenDown(signal) {
      while (!worker.health().targets.some(({ state }) => state === 'down'))
        await pause(10, undefined, { signal });
    },
    async whenDelivered(signal) {
      await worker.whenIdle({ signal });
      signal.throwIfAborted();
      await worker.stop();
      return { delivered: count('delivered'), failed: count('failed'), status: await deliveries.status() };
    },
  };
}
