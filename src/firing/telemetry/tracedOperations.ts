import { metrics, SpanStatusCode, trace, ValueType, type Attributes } from '@opentelemetry/api';
import { isActionsError } from '../../errors.js';
import type { Verdict } from '../reporting/callReport.js';
import type { Fire } from '../pacing/fireOperation.js';
import type { Clock } from '../../ports.js';
import { secondsBuckets } from './buckets.js';
import { isMeasured } from './isMeasured.js';
import * as names from './names.js';
import { withSpan } from './withSpan.js';

/** The name of an operation's error. It holds no text of a target. */
function failureOf(error: unknown): Attributes & { readonly [names.verdict]: Verdict } {
  if (!isActionsError(error)) return { [names.verdict]: 'failed', [names.errorType]: names.otherError };
  const failed = { [names.verdict]: 'failed', [names.errorType]: error.code } as const;
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) return failed;
  return { ...failed, ...(error.reason === 'refused' && { [names.verdict]: 'refused' }) };
}

/**
 * The same operations, each measured and in a span that is the parent of its calls. Used only for operations that call
 * targets.
 */
export function traceOperations(fire: Fire, clock: Clock): Fire {
  const tracer = trace.getTracer(names.scope);
  const duration = metrics.getMeter(names.scope).createHistogram('eventstore_actions.operation.duration', {
    description: 'How long an operation waited for its targets.',
    unit: 's',
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: secondsBuckets },
  });

  const measures = isMeasured(duration);

  return async (operation, budgets) => {
    const span = tracer.startSpan(`actions ${operation.kind}`, {
      attributes: { [names.kind]: operation.kind, [names.executionID]: operation.match.winner },
    });
    const startedAt = clock.elapsed();
    const end = (outcome: Attributes) => {
      span.setAttributes(outcome);
      span.end();
      if (measures)
        duration.record((clock.elapsed() - startedAt) / 1_000, {
          [names.kind]: operation.kind,
          ...outcome,
        });
    };
    try {
      const content = await withSpan(span, fire, operation, budgets);
      end({ [names.verdict]: content === undefined ? 'passed' : 'amended' });
      return content;
    } catch (error) {
      if (isActionsError(error, 'TARGET_INTERRUPTED')) span.setAttribute(names.targetID, error.targetID);
      span.setStatus({ code: SpanStatusCode.ERROR });
      end(failureOf(error));
      throw error;
    }
  };
}
