import { metrics, ValueType, type BatchObservableCallback } from '@opentelemetry/api';
import type { AsyncCalls } from '../pacing/asyncCalls.js';
import type { Pacing } from '../pacing/pacing.js';
import { scope } from './names.js';

interface GaugeSources {
  readonly projection: {
    status(): { readonly lagMs: number; readonly failedEvents: readonly unknown[] };
  };
  readonly asyncCalls: AsyncCalls;
  readonly pacing: Pick<Pacing, 'waiting'>;
}

/**
 * Lets a meter read the gauges whenever it collects.
 *
 * @returns removes the callback
 */
export function observeGauges({ projection, asyncCalls, pacing }: GaugeSources): () => void {
  const meter = metrics.getMeter(scope);
  const calls = { unit: '{call}', valueType: ValueType.INT };
  const running = meter.createObservableUpDownCounter('eventstore_actions.async.running', {
    description: 'Async calls under way.',
    ...calls,
  });
  const waiting = meter.createObservableUpDownCounter('eventstore_actions.async.waiting', {
    description: 'Async calls that wait for a place.',
    ...calls,
  });
  const dropped = meter.createObservableCounter('eventstore_actions.async.dropped', {
    description: 'Async calls that were not made because the queue was full.',
    ...calls,
  });
  const queued = meter.createObservableUpDownCounter('eventstore_actions.calls.waiting', {
    description: 'Calls that wait for a place of their target at its host.',
    ...calls,
  });
  const lag = meter.createObservableGauge('eventstore_actions.projection.lag', {
    description: 'How long the index has not followed the event store; 0 while it follows.',
    unit: 's',
    valueType: ValueType.DOUBLE,
  });
  const failedEvents = meter.createObservableUpDownCounter('eventstore_actions.projection.failed_events', {
    description: 'Malformed events of targets and executions that were skipped.',
    unit: '{event}',
    valueType: ValueType.INT,
  });
  const observables = [running, waiting, dropped, queued, lag, failedEvents];
  const observe: BatchObservableCallback = (result) => {
    const status = projection.status();
    result.observe(running, asyncCalls.running);
    result.observe(waiting, asyncCalls.waiting);
    result.observe(dropped, asyncCalls.dropped);
    result.observe(queued, pacing.waiting);
    result.observe(lag, status.lagMs / 1_000);
    result.observe(failedEvents, status.failedEvents.length);
  };
  meter.addBatchObservableCallback(observe, observables);
  return () => {
    meter.removeBatchObservableCallback(observe, observables);
  };
}
