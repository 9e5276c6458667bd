import { context, isSpanContextValid, trace, type Span } from '@opentelemetry/api';

/**
 * Calls `action` with the span as the active one. Without a tracer there is no span to make active, and no context is
 * made.
 */
export function withSpan<Parameters extends readonly unknown[], Result>(
  span: Span,
  action: (...parameters: Parameters) => Result,
  ...parameters: Parameters
): Result {
  if (!isSpanContextValid(span.spanContext())) return action(...parameters);
  const active = trace.setSpan(context.active(), span);
  return context.with(active, () => action(...parameters));
}
