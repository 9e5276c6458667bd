import { cleanMessage } from './cleanMessage.js';

const statusName = 'forwardedStatusCode';
const messageName = 'forwardedErrorMessage';

/** What a target refused with on purpose, or what is wrong with its verdict (design rule C4). */
export type Verdict =
  | { readonly status: number; readonly message?: string; readonly problem?: undefined }
  | { readonly problem: string };

/** Reads the verdict in a parsed answer; undefined where neither of its two names is there. */
export function readVerdict(value: unknown, messageBytes: number): Verdict | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(members, statusName) && !Object.hasOwn(members, messageName)) return undefined;
  const status = Object.hasOwn(members, statusName) ? members[statusName] : undefined;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 400 || status > 499)
    return { problem: `a verdict whose ${statusName} is not an integer from 400 to 499` };
  if (!Object.hasOwn(members, messageName)) return { status };
  const message = members[messageName];
  if (typeof message !== 'string') return { problem: `a verdict whose ${messageName} is not a string` };
  const cleaned = cleanMessage(message, messageBytes);
  return cleaned === '' ? { status } : { status, message: cleaned };
}
