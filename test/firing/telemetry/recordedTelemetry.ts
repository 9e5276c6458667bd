import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';

/** The spans that the SDK of an application receives. */
export interface RecordedTelemetry {
  spans(): readonly ReadableSpan[];
  /** The present metrics, by name. */
  collect(): Promise<ReadonlyMap<string, MetricData>>;
  close(): Promise<void>;
}

/** Registers a real SDK for the process until it is closed. */
export function recordTelemetry(): RecordedTelemetry {
  const spans = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // The reader exports only when the test collects.
  const reader = new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 3_600_000 });
  const meters = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);

  return {
    spans: () => spans.getFinishedSpans(),
    async collect() {
      exported.reset();
      await meters.forceFlush();
      const collected = exported.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      return new Map(collected.flatMap((each) => each.metrics).map((each) => [each.descriptor.name, each]));
    },
    async close() {
      for (const api of [context, trace, metrics]) api.disable();
      await tracers.shutdown();
      await meters.shutdown();
    },
  };
}

/** The compared parts of the points of a metric. */
export const pointsOf = (metric: MetricData | undefined) =>
  ((metric?.dataPoints ?? []) as readonly DataPoint<unknown>[]).map(({ attributes, value }) => ({
    attributes,
    value,
  }));
