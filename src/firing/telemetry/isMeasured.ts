import { createNoopMeter, type Histogram } from '@opentelemetry/api';

const unmeasured = createNoopMeter().createHistogram('none');

/** Whether an SDK collects the values of a histogram. Without one, no attributes are made. */
export const isMeasured = (histogram: Histogram): boolean => histogram !== unmeasured;
