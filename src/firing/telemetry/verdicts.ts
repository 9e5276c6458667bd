import { metrics, ValueType } from '@opentelemetry/api';
import type { CallReport } from '../reporting/callReport.js';
import { isMeasured } from './isMeasured.js';
import * as names from './names.js';

type OnCall = (call: CallReport) => unknown;

/** Counts verdicts before `onCall` receives the report. */
export function countVerdicts(onCall: OnCall | undefined): OnCall {
  const verdicts = metrics.getMeter(names.scope).createCounter('eventstore_actions.call.verdicts', {
    description: 'Calls of targets by verdict, calls that were not sent included.',
    unit: '{call}',
    valueType: ValueType.INT,
  });
  const measures = isMeasured(verdicts);
  return (call) => {
    if (measures)
      verdicts.add(1, {
        [names.kind]: call.kind,
        [names.targetID]: call.targetID,
        [names.executionID]: call.executionID,
        [names.verdict]: call.verdict,
        [names.enforced]: call.enforced,
        ...(call.verdict === 'failed' && { [names.errorType]: call.reason ?? names.otherError }),
      });
    // A copy: the report is kept.
    return onCall?.({ ...call });
  };
}
