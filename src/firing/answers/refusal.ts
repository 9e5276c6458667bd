import type { JSONValue } from '../../ports.js';
import { isObject } from '../../lib/json/isObject.js';
import { cleanMessage } from './cleanMessage.js';

const statusName = 'forwardedStatusCode';
const messageName = 'forwardedErrorMessage';

/** The refusal of a target, or what is wrong with its verdict (rule C4). */
type Refusal =
  | { readonly status: number; readonly message?: string; readonly problem?: undefined }
  | { readonly problem: string };

/** Reads the verdict in a parsed answer; `undefined` where the answer has neither member of a verdict. */
export function readRefusal(
  value: unknown,
  messageBytes: number,
  hide?: (text: string) => string,
): Refusal | undefined {
  if (!isObject(value)) return undefined;
  const members: Readonly<Record<string, unknown>> = value;
  if (!Object.hasOwn(members, statusName) && !Object.hasOwn(members, messageName)) return undefined;
  const status = Object.hasOwn(members, statusName) ? members[statusName] : undefined;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 400 || status > 499)
    return { problem: `a verdict whose ${statusName} is not an integer from 400 to 499` };
  if (!Object.hasOwn(members, messageName)) return { status };
  const message = members[messageName];
  if (typeof message !== 'string') return { problem: `a verdict whose ${messageName} is not a string` };
  const cleaned = cleanMessage(message, messageBytes, hide);
  return cleaned === '' ? { status } : { status, message: cleaned };
}

/**
 * Whether an answer to a function has the empty verdict that targets written for ZITADEL send beside content:
 * `forwardedStatusCode: 0`, with no message or an empty one.
 */
export function withoutEmptyVerdict(value: JSONValue): JSONValue {
  if (!isObject(value) || value[statusName] !== 0) return value;
  const { [statusName]: _status, [messageName]: message = '', ...content } = value;
  return message === '' || message === null ? content : value;
}
