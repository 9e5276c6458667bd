import { z } from 'zod';
import { parseInput } from './lib/input.js';

/** Every bound of the library. Counts are whole numbers. */
export interface Limits {
  /** Entries of one execution's list. @defaultValue 100 */
  readonly entries: number;
  /** Targets of one execution after its includes are expanded; judged when it is set and when it is resolved. @defaultValue 1 000 */
  readonly resolvedTargets: number;
  /** Time that the targets of one operation share. Milliseconds. @defaultValue 30 000 */
  readonly budgetMs: number;
  /** Content of one request, response or event as JSON. Bytes. @defaultValue 1 MiB */
  readonly contentBytes: number;
  /** Body of a call: the JSON, before jwt or jwe. Bytes. @defaultValue 2 MiB + 64 KiB */
  readonly bodyBytes: number;
  /** Body of a target's answer. Bytes on the wire. @defaultValue 1 MiB */
  readonly answerBytes: number;
  /** Depth of a target's JSON answer, and of the content that it is sent, in levels. @defaultValue 64 */
  readonly jsonDepth: number;
  /** Message of a verdict, as the caller sees it. Bytes. @defaultValue 1 kB */
  readonly forwardedMessageBytes: number;
  /** Async calls that run at once. From 4 on, one instance leaves an eighth of them, and at least one, to others. @defaultValue 64 */
  readonly asyncAtOnce: number;
  /**
   * Async calls that wait for a place. A full queue drops and counts the latest call of the instance, and within it of
   * the target, that waits with most. @defaultValue 10 000
   */
  readonly asyncQueue: number;
  /** Bodies of async calls that wait for a place; further calls are dropped and counted. Bytes. @defaultValue 64 MiB */
  readonly asyncQueueBytes: number;
  /**
   * Calls of one target that are under way at once; further calls wait for a place, within their timeout. Lower than
   * the limit of one host, so that a slow target leaves places to the others. @defaultValue 48
   */
  readonly callsPerTarget: number;
  /**
   * Calls to one host and port that are under way at once, of all targets there. From 4 on, one instance leaves an eighth of
   * them, and at least one, to others. @defaultValue 64
   */
  readonly callsPerHost: number;
  /**
   * Calls that wait for a place at one host. In a full queue, the latest call of the instance, and within it of the
   * target, that waits with most fails as an error of its target. @defaultValue 10 000
   */
  readonly callQueue: number;
  /** Connections to one host: bounds the calls under way there, together with `callsPerHost`. @defaultValue 64 */
  readonly socketsPerHost: number;
  /** How long `close()` waits for async calls. Milliseconds. @defaultValue 10 000 */
  readonly drainMs: number;
}

/** The limits that a user sets; a limit that is left out has its default. */
export type LimitOptions = { readonly [Name in keyof Limits]?: Limits[Name] | undefined };

const count = z.number().int().min(1);
const places = z.number().int().min(0);
const mebibyte = 1_048_576;
const bytes = count.max(2 ** 30);
const longestTimerMs = 2 ** 31 - 1;
const milliseconds = z.number().min(1).max(longestTimerMs);

const schema = z.strictObject({
  entries: count.default(100),
  resolvedTargets: count.default(1_000),
  budgetMs: milliseconds.default(30_000),
  contentBytes: bytes.default(mebibyte),
  bodyBytes: bytes.default(2 * mebibyte + 65_536),
  answerBytes: bytes.default(mebibyte),
  jsonDepth: count.max(1_000).default(64),
  forwardedMessageBytes: bytes.default(1_000),
  asyncAtOnce: count.default(64),
  asyncQueue: places.default(10_000),
  asyncQueueBytes: bytes.default(64 * mebibyte),
  callsPerTarget: count.default(48),
  callsPerHost: count.default(64),
  callQueue: places.default(10_000),
  socketsPerHost: count.default(64),
  drainMs: z.number().min(0).max(longestTimerMs).default(10_000),
} satisfies Record<keyof Limits, z.ZodType<number>>);

/** @throws {@link InvalidArgumentError} for an unknown limit or a value out of range */
export function parseLimits(options: LimitOptions = {}): Limits {
  return parseInput(schema, options, 'limits');
}
