import { InvalidArgumentError } from '../errors.js';
import { writeJSON } from '../lib/json/json.js';
import { shownValue, shownType } from '../lib/reading/shownValue.js';

/** The answer of an endpoint. Send status, headers and body unchanged. */
export interface Reply {
  /** HTTP status. */
  readonly status: number;
  /** Header names and values. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body. */
  readonly body: string;
}

const jsonHeaders = { 'content-type': 'application/json' } as const;
const verdictNames = ['forwardedStatusCode', 'forwardedErrorMessage'] as const;

/** Lets the operation go on with unchanged content. */
export function allow(): Reply {
  return { status: 204, headers: {}, body: '' };
}

/**
 * Replaces the whole request, response or event data by `content`; for a function it is the answer. Only answers of
 * targets of type `requestResponse` are applied.
 *
 * @throws {@link InvalidArgumentError} for a value without JSON, and for content that the sender would read as a
 *   verdict
 */
export function amend(content: unknown): Reply {
  const { json: body, problem, ...why } = writeJSON(content);
  if (body === undefined)
    throw new InvalidArgumentError(
      `the amended content is not JSON: ${problem}; use allow() to change nothing`,
      why,
    );
  // Check the written JSON: members that a getter or a toJSON gives later are not sent.
  if (body.startsWith('{'))
    for (const name of verdictNames)
      if (body.includes(`"${name}"`) && Object.hasOwn(JSON.parse(body) as object, name))
        throw new InvalidArgumentError(
          `content with a field ${name} is read as a verdict; use refuse() for one`,
        );
  return { status: 200, headers: jsonHeaders, body };
}

/**
 * Stops the operation, where the target has `interruptOnError`: its caller sees this status and this message, cleaned and
 * cut at 1 kB. A verdict is a success of this endpoint, so the HTTP status of the answer is 200.
 *
 * @param status - 400 to 499
 * @throws {@link InvalidArgumentError} for any other status
 */
export function refuse(status: number, message?: string): Reply {
  if (!Number.isInteger(status) || status < 400 || status > 499)
    throw new InvalidArgumentError(
      `a call is refused with a status from 400 to 499, not ${shownValue(status)}`,
    );
  if (message !== undefined && typeof message !== 'string')
    throw new InvalidArgumentError(`the message of a refusal has to be text, not ${shownType(message)}`);
  const verdict = { forwardedStatusCode: status, forwardedErrorMessage: message };
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(verdict) };
}
