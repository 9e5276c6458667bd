import { metrics, ValueType, type ObservableGauge } from '@opentelemetry/api';
import { longSecondsBuckets } from '../firing/telemetry/buckets.js';
import { scope, targetID as targetName } from '../firing/telemetry/names.js';
import type { DeliveriesHealth } from './deliveriesHealth.js';
import type { DeliveryReport } from './context/deliveryReport.js';

const prefix = 'eventstore_actions.delivery';

/** Measures deliveries with OpenTelemetry. */
interface DeliveryMetrics {
  /** @param latencyMs - from the append to the answer */
  count(report: DeliveryReport, latencyMs: number | undefined): void;
  stop(): void;
}

export function measureDeliveries(healthOf: () => DeliveriesHealth): DeliveryMetrics {
  const meter = metrics.getMeter(scope);
  const deliveries = meter.createCounter(`${prefix}.deliveries`, {
    description: 'Deliveries by outcome.',
  });
  const duration = meter.createHistogram(`${prefix}.duration`, {
    description: 'From the append of an event to the answer of its target.',
    unit: 's',
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: longSecondsBuckets },
  });
  const gauge = (name: string, description: string, unit?: string): ObservableGauge =>
    meter.createObservableGauge(`${prefix}.${name}`, { description, ...(unit !== undefined && { unit }) });
  const oldest = gauge('oldest.age', 'Age of the oldest delivery that waits.', 's');
  const lanes = gauge('lanes', 'Streams that wait.');
  const deadLetters = gauge('dead_letters', 'Deliveries that were given up.');
  const partitions = gauge('partitions', 'Partitions that this process works on.');
  const down = gauge('targets.down', 'Targets that are down.');
  const all = [oldest, lanes, deadLetters, partitions, down];

  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    const health = healthOf();
    result.observe(partitions, health.partitions.length);
    result.observe(down, health.targets.filter(({ state }) => state === 'down').length);
    for (const target of health.targets) {
      const attributes = { [targetName]: target.targetID };
      result.observe(lanes, target.lanes, attributes);
      result.observe(deadLetters, target.deadLetters, attributes);
      result.observe(oldest, (target.oldest?.ageMs ?? 0) / 1_000, attributes);
    }
  };
  meter.addBatchObservableCallback(observe, all);

  return {
    count({ targetID, outcome }, latencyMs) {
      deliveries.add(1, { [targetName]: targetID, [`${prefix}.outcome`]: outcome });
      if (latencyMs !== undefined) duration.record(latencyMs / 1_000, { [targetName]: targetID });
    },
    stop() {
      meter.removeBatchObservableCallback(observe, all);
    },
  };
}
