import { createNoopMeter, type Histogram } from '@opentelemetry/api';

const unmeasured = createNoopMeter().createHistogram('none');

/** Whether anything takes the values of a histogram: without an SDK nothing does, and no attributes are needed. */
export const isMeasured = (histogram: Histogram): boolean => histogram !== unmeasured;
