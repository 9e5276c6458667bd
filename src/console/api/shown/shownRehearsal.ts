import { callSecrets, signatureNames } from '../../../firing/answers/callSecrets.js';
import { createSecretMask, type SecretMask } from '../../../firing/answers/secretMask.js';
import type { Rehearsal } from '../../../index.js';
import { shownEndpoint } from './shownEndpoint.js';

type Call = Rehearsal['calls'][number];
type Request = NonNullable<Call['request']>;

const mask = '***';

/** The payload of a signed body, without the signature; nothing of an encrypted body, which only the target can decrypt. */
function shownBody(body: string): string {
  if (body === '' || body.startsWith('{') || body.startsWith('[')) return body;
  const parts = body.split('.');
  if (parts.length !== 3) return mask;
  return Buffer.from(parts[1] ?? '', 'base64url').toString('utf8');
}

const secretsOf = ({ endpoint, headers, body }: Request): readonly string[] =>
  callSecrets({ endpoint, headers, headerValues: [], ...(shownBody(body) !== body && { token: body }) });

function shownRequest(
  { method, endpoint, headers, body, omittedBytes }: Request,
  secrets: SecretMask,
): Request {
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    signatureNames.has(name) ? mask : value,
  ]);
  return {
    method,
    endpoint: shownEndpoint(endpoint),
    headers: Object.fromEntries(shown) as Request['headers'],
    body: secrets.text(shownBody(body)),
    ...(omittedBytes !== undefined && { omittedBytes }),
  };
}

function shownCall({ request, answer, judgement, ...call }: Call, secrets: SecretMask): Call {
  return {
    ...call,
    ...(request && { request: shownRequest(request, secrets) }),
    ...(answer && {
      answer: { ...answer, body: secrets.text(answer.body), contentType: secrets.text(answer.contentType) },
    }),
    ...(judgement && {
      judgement: {
        ...judgement,
        ...(judgement.message !== undefined && { message: secrets.text(judgement.message) }),
        ...(judgement.content !== undefined && { content: secrets.value(judgement.content) }),
      },
    }),
  };
}

/** A rehearsal without signatures and queries, also where the answer of a target repeats them. */
export function shownRehearsal({ calls, outcome, ...rehearsal }: Rehearsal): Rehearsal {
  const secrets = createSecretMask();
  for (const { request } of calls) if (request) secrets.hide(secretsOf(request));
  const shown = calls.map((call) => shownCall(call, secrets));
  if (!outcome) return { ...rehearsal, calls: shown };
  if (outcome.kind === 'interrupted') {
    const { error } = outcome;
    return {
      ...rehearsal,
      calls: shown,
      outcome: { kind: 'interrupted', error: { ...error, message: secrets.text(error.message) } },
    };
  }
  return { ...rehearsal, calls: shown, outcome: { ...outcome, content: secrets.value(outcome.content) } };
}
