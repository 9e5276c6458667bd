import { metrics, SpanKind, SpanStatusCode, trace, ValueType, type Attributes } from '@opentelemetry/api';
import { isFailedCall, type CallTarget, type FailedCall } from '../calls/callTarget.js';
import { endpointOf } from '../calls/targetEndpoint.js';
import type { Clock, HttpAnswer } from '../../ports.js';
import type { ActiveTarget } from '../../target/target.js';
import { secondsBuckets } from './buckets.js';
import { isMeasured } from './isMeasured.js';
import * as names from './names.js';
import { noteTrace } from '../calls/traceIDs.js';
import { undialled, unsendable } from '../calls/unsentReasons.js';
import { withSpan } from './withSpan.js';

/** Failures of calls that were ended before a byte was sent. */
const unsent: ReadonlySet<string> = new Set([...unsendable, ...undialled]);

/** The facts of an endpoint that may be shown: neither its path nor its query. */
function serverOf(target: ActiveTarget): Attributes {
  const endpoint = endpointOf(target);
  if ('refused' in endpoint) return { [names.httpMethod]: 'POST' };
  return {
    [names.httpMethod]: 'POST',
    [names.serverAddress]: endpoint.host,
    [names.serverPort]: endpoint.port,
  };
}

/** OpenTelemetry's name of the error; `undefined` where the target's answer is valid. */
function errorOf(answer: HttpAnswer | FailedCall): string | undefined {
  if (isFailedCall(answer)) return answer.reason;
  return answer.status >= 200 && answer.status < 300 ? undefined : String(answer.status);
}

/**
 * The same calls, each in a client span whose context is sent as `traceparent`, and measured by OpenTelemetry's
 * conventions for HTTP clients.
 */
export function traceCalls(callTarget: CallTarget, clock: Clock): CallTarget {
  const tracer = trace.getTracer(names.scope);
  const duration = metrics.getMeter(names.scope).createHistogram('http.client.request.duration', {
    description: 'Duration of calls of targets.',
    unit: 's',
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: secondsBuckets },
  });
  const measures = isMeasured(duration);
  // Cached by target: a target stays the same object until it changes.
  const servers = new WeakMap<ActiveTarget, Attributes>();

  return async (planned, timeoutMs, signal) => {
    const { target, targetID, executionID } = planned.resolved;
    let server = servers.get(target);
    if (!server) servers.set(target, (server = serverOf(target)));
    const span = tracer.startSpan('POST', {
      kind: SpanKind.CLIENT,
      attributes: { [names.targetID]: targetID, [names.executionID]: executionID, ...server },
    });
    noteTrace(planned, span);
    const startedAt = clock.elapsed();
    let error: string | undefined = names.otherError;
    let status: number | undefined;
    try {
      const answer = await withSpan(span, callTarget, planned, timeoutMs, signal);
      error = errorOf(answer);
      status = isFailedCall(answer) ? undefined : answer.status;
      return answer;
    } finally {
      const isShown = span.isRecording();
      if (isShown || measures) {
        const outcome: Attributes = {
          ...(status !== undefined && { [names.httpStatus]: status }),
          ...(error !== undefined && { [names.errorType]: error }),
        };
        span.setAttributes(outcome);
        if (!unsent.has(error ?? ''))
          duration.record((clock.elapsed() - startedAt) / 1_000, {
            [names.targetID]: targetID,
            ...server,
            ...outcome,
          });
      }
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
  };
}
