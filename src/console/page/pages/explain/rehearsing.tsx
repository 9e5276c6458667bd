import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Occurrence, Rehearsal, Rehearse } from '../../../wire/rehearsals.js';
import { Failure } from '../../api/requestFailure.js';
import { Button } from '../../parts/button.js';
import { Confirm } from '../../parts/dialogs/confirm.js';
import { Field, TextField } from '../../parts/field.js';
import { Section } from '../../parts/page.js';
import { Problem } from '../../parts/problem.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { Rehearsed } from './rehearsed.js';

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Failure(
      'refused',
      `${what} is not JSON: ${error instanceof Error ? error.message : 'it does not parse'}`,
    );
  }
}

/** Renders the calls of an occurrence, and makes them on request. */
export function Rehearsing({ occurrence }: { readonly occurrence: Occurrence }): VNode {
  const { client, session } = useApp();
  const render = useChange();
  const send = useChange();
  const [content, setContent] = useState('{}');
  const [request, setRequest] = useState('{}');
  const [stream, setStream] = useState('');
  const [isAsking, setAsking] = useState(false);
  const [rehearsal, setRehearsal] = useState<Rehearsal>();
  const { kind } = occurrence;

  async function rehearse(isSent: boolean): Promise<void> {
    const asked: Rehearse = {
      ...occurrence,
      content: parsed(content, 'The content'),
      ...(kind === 'response' && { request: parsed(request, 'The request') }),
      ...(kind === 'event' && stream !== '' && { stream }),
      ...(isSent && { send: true }),
    };
    setRehearsal(await client.post<Rehearsal>('api/rehearse', asked));
    setAsking(false);
  }

  return (
    <Section
      title="Rehearse"
      note="Renders the request of each call, with what it would carry. Nothing is appended."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          render.run(() => rehearse(false));
        }}
      >
        <Field label={kind === 'event' ? 'Event data, as JSON' : 'Content, as JSON'}>
          {(names) => (
            <textarea
              {...names}
              class="mono"
              rows={5}
              spellcheck={false}
              value={content}
              onInput={(event) => setContent(event.currentTarget.value)}
            />
          )}
        </Field>
        {kind === 'response' && (
          <Field label="The request as it was processed, as JSON">
            {(names) => (
              <textarea
                {...names}
                class="mono"
                rows={3}
                spellcheck={false}
                value={request}
                onInput={(event) => setRequest(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {kind === 'event' && (
          <TextField label="Stream" value={stream} onChange={setStream} placeholder="order-7" />
        )}
        <Problem failure={render.failure} />
        <div class="actions">
          <Button type="submit" kind="primary" isBusy={render.isBusy}>
            {render.isBusy ? 'Rendering…' : 'Render the requests'}
          </Button>
          {session.can.writeExecutions && <Button onPress={() => setAsking(true)}>Call the targets…</Button>}
        </div>
      </form>
      {isAsking && (
        <Confirm
          title="Call the targets"
          does="Call them"
          change={send}
          onConfirm={() => send.run(() => rehearse(true))}
          onClose={() => {
            setAsking(false);
            send.forget();
          }}
        >
          <p>
            Each target is really called, marked as a rehearsal. Nothing is appended, but a target that does
            not look at the mark may act on the call.
          </p>
        </Confirm>
      )}
      <div aria-live="polite">{rehearsal && <Rehearsed rehearsal={rehearsal} />}</div>
    </Section>
  );
}
