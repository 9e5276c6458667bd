import { isSpanContextValid, trace } from '@opentelemetry/api';

/** The `traceparent` of the active span (W3C Trace Context); no header without a span. */
export function traceHeaders(): Readonly<Record<string, string>> {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return {};
  const flags = span.traceFlags.toString(16).padStart(2, '0');
  return { traceparent: `00-${span.traceId}-${span.spanId}-${flags}` };
}
