import { createNoopMeter, type Counter, type Histogram } from '@opentelemetry/api';

const meter = createNoopMeter();
const unmeasured: ReadonlySet<Counter | Histogram> = new Set([
  meter.createCounter('none'),
  meter.createHistogram('none'),
]);

/** Whether an SDK collects the values of an instrument. Without one, no attributes are made. */
export const isMeasured = (instrument: Counter | Histogram): boolean => !unmeasured.has(instrument);
