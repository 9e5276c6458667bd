import { z } from 'zod';
import { parseInput } from './lib/input.js';

/** Every bound of the library. Counts are whole numbers. */
export interface Limits {
  /** The most entries in the list of one execution. @defaultValue 100 */
  readonly entries: number;
  /** The most targets of one execution with its includes expanded. Checked when the execution is set, and when it is matched. @defaultValue 1 000 */
  readonly resolvedTargets: number;
  /** The time for all calls of one operation together. Milliseconds. @defaultValue 30 000 */
  readonly budgetMs: number;
  /** The largest content of one request, response or event, as JSON. Bytes. @defaultValue 1 MiB */
  readonly contentBytes: number;
  /** The largest body of a call: the JSON, before it is signed or encrypted. Bytes. @defaultValue 2 MiB + 64 KiB */
  readonly bodyBytes: number;
  /** The largest body of an answer. Bytes on the wire. @defaultValue 1 MiB */
  readonly answerBytes: number;
  /** The most levels of JSON in an answer, and in the content that is sent. @defaultValue 64 */
  readonly jsonDepth: number;
  /** The longest message of a verdict that the caller sees; a longer one is cut. Bytes. @defaultValue 1 kB */
  readonly forwardedMessageBytes: number;
  /** The most async calls under way. With 4 or more, one instance leaves an eighth of these places to others, at least one. @defaultValue 64 */
  readonly asyncAtOnce: number;
  /**
   * The most async calls that wait for a place. A full queue drops a call: of the instance with the most waiting calls,
   * the latest call of its target with the most. Dropped calls are counted. @defaultValue 10 000
   */
  readonly asyncQueue: number;
  /** The largest size of all waiting async calls together. Calls beyond it are dropped and counted. Bytes. @defaultValue 64 MiB */
  readonly asyncQueueBytes: number;
  /**
   * The most calls of one target under way. Further calls wait within their timeout. The default is lower than that of
   * `callsPerHost`, so that a slow target leaves places to the others at its host. @defaultValue 48
   */
  readonly callsPerTarget: number;
  /**
   * The most calls to one host and port under way, of all targets there. With 4 or more, one instance leaves an eighth of
   * these places to others, at least one. @defaultValue 64
   */
  readonly callsPerHost: number;
  /**
   * The most calls that wait for a place at one host. In a full queue one call fails, as an error of its target: of the
   * instance with the most waiting calls, the latest call of its target with the most. @defaultValue 10 000
   */
  readonly callQueue: number;
  /** The most connections to one host. It limits the calls under way there too, as `callsPerHost` does. @defaultValue 64 */
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
