import type { VNode } from 'preact';
import type { RehearsedCall, Rehearsal } from '../../../wire/rehearsals.js';
import { milliseconds } from '../../../../lib/shown/figures.js';
import { VerdictBadge } from '../../parts/badge.js';
import { Body } from '../../parts/body.js';
import { Facts } from '../../parts/facts.js';
import { Code, Long, shown } from '../../parts/text.js';
import { link } from '../../state/route.js';

function Outcome({ rehearsal }: { readonly rehearsal: Rehearsal }): VNode | null {
  const { outcome } = rehearsal;
  if (!outcome) return null;
  if (outcome.kind === 'interrupted') {
    const { code, status, message } = outcome.error;
    return (
      <p class="notice warn">
        <strong>The operation would fail</strong> with {status} {shown(code, 60)}: {shown(message, 1_000)}
      </p>
    );
  }
  return (
    <>
      <p class="notice good">
        <strong>The operation would go on</strong>
        {outcome.kind === 'amended' ? ', with other content.' : ', unchanged.'}
      </p>
      {outcome.kind === 'amended' && (
        <Body title="The content that would be written" text={JSON.stringify(outcome.content)} />
      )}
    </>
  );
}

function Call({ call }: { readonly call: RehearsedCall }): VNode {
  const { request, answer, judgement } = call;
  return (
    <li class="rehearsed">
      <h3>
        <a href={link(['targets', call.targetID])}>{shown(call.name, 80)}</a>{' '}
        {judgement && <VerdictBadge verdict={judgement.verdict} />}
      </h3>
      <Facts
        facts={[
          ['Because of', <Code text={call.executionID} />],
          ['Answers are', call.enforced ? 'enforced' : 'observed'],
          ['Endpoint', request && <Code text={`${request.method} ${request.endpoint}`} length={2_100} />],
          ['Answered', answer && `${answer.status} in ${milliseconds(answer.durationMs)}`],
          ['Reason', judgement?.reason !== undefined && shown(judgement.reason)],
          ['Message', judgement?.message !== undefined && <Long text={judgement.message} length={1_000} />],
        ]}
      />
      {request ? (
        <>
          <Body
            title="Headers"
            text={Object.entries(request.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n')}
          />
          <Body title="Body" text={request.body} omittedBytes={request.omittedBytes} />
        </>
      ) : (
        <p class="empty">
          It would not be sent: an earlier target ends the list, or the content cannot be shown as JSON.
        </p>
      )}
      {answer && <Body title="Answer" text={answer.body} omittedBytes={answer.omittedBytes} />}
    </li>
  );
}

export function Rehearsed({ rehearsal }: { readonly rehearsal: Rehearsal }): VNode {
  if (rehearsal.calls.length === 0) return <p class="empty">No target would be called.</p>;
  return (
    <>
      <h3>{rehearsal.sent ? 'The targets were called' : 'What would be sent'}</h3>
      <Outcome rehearsal={rehearsal} />
      <ol class="bare">
        {rehearsal.calls.map((call, place) => (
          <Call key={place} call={call} />
        ))}
      </ol>
    </>
  );
}
