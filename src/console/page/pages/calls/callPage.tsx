import type { VNode } from 'preact';
import type { Call, CallDetails } from '../../../wire/calls.js';
import { count, milliseconds, utc } from '../../../../lib/shown/figures.js';
import { VerdictBadge } from '../../parts/badge.js';
import { Body } from '../../parts/body.js';
import { Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { Page, Section } from '../../parts/page.js';
import { Code, Long, shown } from '../../parts/text.js';
import { useQuery } from '../../state/query.js';
import { link } from '../../state/route.js';
import { Timeline } from './timeline.js';

const bytes = (value: number | undefined): string | undefined =>
  value === undefined ? undefined : `${count(value)} bytes`;

const optional = (text: string | undefined): VNode | undefined =>
  text === undefined ? undefined : <Code text={text} />;

function CallFacts({ call }: { readonly call: Call }): VNode {
  return (
    <Facts
      facts={[
        [
          'Verdict',
          <>
            <VerdictBadge verdict={call.verdict} />, {call.enforced ? 'enforced' : 'observed only'}
          </>,
        ],
        ['Target', <a href={link(['targets', call.targetID])}>{shown(call.name, 80)}</a>],
        ['Condition', <Code text={call.condition} />],
        ['Execution', <a href={link(['executions', call.executionID])}>{shown(call.executionID, 200)}</a>],
        ['Status', call.status],
        ['Reason', call.reason !== undefined && <Long text={call.reason} length={2_000} />],
        ['Took', milliseconds(call.durationMs)],
        ['Attempt', call.attempt],
        ['Answered', `${utc(call.at)} (${call.at.slice(20, 23)} ms)`],
        ['Stream', optional(call.stream)],
        ['Event id', optional(call.eventID)],
        ['Call id', <Code text={call.callID} />],
        ['Trace id', optional(call.traceID)],
        ['Sent', bytes(call.contentBytes)],
        ['Answer', bytes(call.answerBytes)],
      ]}
    />
  );
}

export function CallPage({ id }: { readonly id: string }): VNode {
  const details = useQuery<CallDetails>(`api/calls/${encodeURIComponent(id)}`);
  return (
    <Page title={`Call ${id}`}>
      <Loaded query={details}>
        {({ call, timeline }) => (
          <>
            <Section title="What was answered">
              <CallFacts call={call} />
            </Section>
            <Section title="Timeline" note="All kept calls of the same operation, the oldest first.">
              <Timeline calls={timeline} number={call.number} />
            </Section>
            {(call.sentBody !== undefined || call.answerBody !== undefined) && (
              <Section title="Bodies" note="Cut at 4 kB; masked fields are masked by the host.">
                {call.sentBody !== undefined && <Body title="Sent" text={call.sentBody} />}
                {call.answerBody !== undefined && <Body title="Answered" text={call.answerBody} />}
              </Section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
