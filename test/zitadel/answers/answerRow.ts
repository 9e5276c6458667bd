import type { TargetType } from '../../../src/index.js';
import type { GoAnswer } from './goAnswer.js';

/** The operation of a call. The function is `preuserinfo`. */
export type Kind = 'request' | 'function' | 'event';

/** One answer of a target with `interruptOnError`, and its effect in both systems. */
export interface AnswerRow {
  readonly what: string;
  /** @defaultValue request */
  readonly kind?: Kind;
  /** @defaultValue requestResponse, which is `restCall` there */
  readonly type?: TargetType;
  readonly answer: GoAnswer;
  readonly zitadel: Outcome;
  readonly here: Outcome;
  /** Why the two differ. */
  readonly why?: string;
}

/**
 * `content`: the answer is the new content. `unchanged`: the old content goes on. `followed`: the call goes to
 * another address.
 * `error`: the operation fails as FailedPrecondition, and shows nothing of the answer; with a text after
 * it, that text is shown. A status and a text: the operation fails with them.
 */
export type Outcome = string;

/** The name of the operation in the guide. */
export const calledBy = ({ kind = 'request', type = 'requestResponse' }: AnswerRow): string =>
  ({ webhook: 'a webhook', async: 'an async target', requestResponse: `a ${kind}` })[type].replace(
    'a event',
    'an event',
  );
