import { z } from 'zod';
import type { KeptCall } from '../../index.js';
import { ConsoleProblem } from '../calls/problems.js';
import type { ApiCall, Endpoint, Sources } from '../calls/apiCall.js';
import type { Feeds } from '../plots/feeds.js';
import type { Call, CallDetails, Plots } from '../wire/calls.js';
import type { Listed } from '../wire/shared.js';
import { count, kinds, pageParameters, takeQuery, text } from './inputs.js';
import { keepsCalls } from './session.js';

/** The most calls of one query. */
const mostCalls = 10_000;
const longestTimeline = 100;

export const callFilter = {
  targetID: text.optional(),
  condition: text.optional(),
  verdict: z.enum(['passed', 'amended', 'refused', 'failed']).optional(),
  kind: z.enum(kinds).optional(),
  search: text.optional(),
};

/** The filters of the console that the call log does not have. */
export function passes(
  call: KeptCall,
  { kind, search }: { readonly kind?: string | undefined; readonly search?: string | undefined },
): boolean {
  if (kind !== undefined && call.kind !== kind) return false;
  if (search === undefined) return true;
  const part = search.toLowerCase();
  const { name, condition, targetID, executionID, callID, eventID, stream, reason, traceID } = call;
  return [name, condition, targetID, executionID, callID, eventID, stream, reason, traceID].some(
    (field) => field?.toLowerCase().includes(part) === true,
  );
}

/** The filters of the console that the call log has. */
export const logFilter = ({
  targetID,
  condition,
  verdict,
}: {
  readonly targetID?: string | undefined;
  readonly condition?: string | undefined;
  readonly verdict?: KeptCall['verdict'] | undefined;
}) => ({
  ...(targetID !== undefined && { targetID }),
  ...(condition !== undefined && { condition }),
  ...(verdict !== undefined && { verdict }),
});

/** The calls of the same operation: with the same event, or otherwise the attempts of the same call. */
const isSameOperation = (one: KeptCall, other: KeptCall): boolean =>
  one.callID === other.callID || (one.eventID !== undefined && one.eventID === other.eventID);

export function callEndpoints({ actions }: Pick<Sources, 'actions'>, feeds: Feeds): readonly Endpoint[] {
  const permissions = ['action.execution.read'] as const;

  function list(call: ApiCall): Listed<Call> {
    const { after, limit, ...wanted } = takeQuery(call, {
      ...pageParameters,
      ...callFilter,
      after: count.optional(),
    });
    const kept = actions.calls.list({ ...logFilter(wanted), limit: mostCalls });
    const found = kept.filter((each) => passes(each, wanted));
    const rest = after === undefined ? found : found.filter(({ number }) => number < after);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(last && rest.length > limit && { next: String(last.number) }), total: found.length };
  }

  function details({ fields }: ApiCall): CallDetails {
    const kept = actions.calls.list({ limit: mostCalls });
    const call = kept.find(({ number }) => String(number) === fields['number']);
    if (!call)
      throw new ConsoleProblem(
        404,
        'NOT_FOUND',
        'the call is not kept: only the latest calls of the process are',
      );
    const timeline = kept.filter((each) => isSameOperation(call, each)).slice(0, longestTimeline);
    return { call, timeline: timeline.toReversed() };
  }

  return [
    { method: 'GET', path: 'calls', permissions, answer: list },
    { method: 'GET', path: 'calls/{number}', permissions, answer: details },
    {
      method: 'GET',
      path: 'plots',
      permissions: ['action.target.read'],
      answer(call): Plots {
        const { targetID } = takeQuery(call, { targetID: text.optional() });
        if (!keepsCalls({ actions }))
          throw new ConsoleProblem(
            404,
            'NO_CALLS',
            'calls are not kept: createActions was given calls: { count: 0 }',
          );
        return feeds.plots(call.instanceID, targetID);
      },
    },
  ];
}
