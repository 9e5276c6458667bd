import { isSpanContextValid, type Span } from '@opentelemetry/api';
import type { PlannedCall } from './operation.js';

const ids = new WeakMap<PlannedCall, string>();

/** Notes the trace of a call's span; nothing where no tracer is installed. */
export function noteTrace(planned: PlannedCall, span: Span): void {
  const traced = span.spanContext();
  if (isSpanContextValid(traced)) ids.set(planned, traced.traceId);
}

/** The trace that a call belongs to. */
export const traceIDOf = (planned: PlannedCall): string | undefined => ids.get(planned);
