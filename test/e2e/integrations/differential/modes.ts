import type { Actions } from '../../../../src/index.js';
import { json } from '../../../support/answers.js';
import { openActions, type OpenedActions, type TargetSettings } from '../../../support/openActions.js';
import type { ReceivedCall, Script } from '../../../support/targetServer.js';

/** The modes of a run: bare, and guarded in every way that passes the calls. */
export const modes = [
  'nothing matching',
  'an allowing target',
  'an async target',
  'an observed target',
  'an echoing target',
] as const;
export type Mode = (typeof modes)[number];

/** Answers with the received content. */
const echo: Script = ({ body }: ReceivedCall) => {
  const sent = JSON.parse(body) as { readonly request?: unknown; readonly response?: unknown };
  return json('response' in sent ? sent.response : sent.request);
};

const targets: Readonly<Record<Exclude<Mode, 'nothing matching'>, TargetSettings>> = {
  'an allowing target': { type: 'requestResponse', interruptOnError: true },
  'an async target': { type: 'async' },
  // The answer of this target would refuse every call.
  'an observed target': {
    type: 'requestResponse',
    interruptOnError: true,
    enforcement: 'observe',
    script: json({ forwardedStatusCode: 403 }),
  },
  'an echoing target': { type: 'requestResponse', interruptOnError: true, script: echo },
};

/** Actions whose targets are called for every request and response in the way of a mode. */
export async function openMode(mode: Mode): Promise<OpenedActions & { readonly actions: Actions }> {
  const opened = await openActions();
  if (mode === 'nothing matching') {
    await opened.call({ request: { method: '/other.Service/Method' } }, {});
    return opened;
  }
  await opened.call({ request: { all: true } }, targets[mode]);
  await opened.call({ response: { all: true } }, targets[mode]);
  return opened;
}

/** Modes in which targets are called. */
export const calling: readonly Mode[] = modes.slice(1);
/** Modes in which the answer of a target counts, errors included. */
export const enforcing: readonly Mode[] = ['an allowing target', 'an echoing target'];
