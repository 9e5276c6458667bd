import { z } from 'zod';
import { InvalidArgumentError } from './errors.js';

const count = z.number().int().min(1);
const bytes = count.max(2 ** 30);
const milliseconds = z
  .number()
  .min(1)
  .max(2 ** 31 - 1);
const mebibyte = 1_048_576;

const schema = z.strictObject({
  /** Entries of one execution's list. @defaultValue 100 */
  entries: count.default(100),
  /** Time that the targets of one operation share. Milliseconds. @defaultValue 30 000 */
  budgetMs: milliseconds.default(30_000),
  /** Content of one request, response or event as JSON. Bytes. @defaultValue 1 MiB */
  contentBytes: bytes.default(mebibyte),
  /** What is sent to a target: the JSON, before jwt or jwe. Bytes. @defaultValue 2 MiB + 64 KiB */
  bodyBytes: bytes.default(2 * mebibyte + 65_536),
  /** What a target may answer. Bytes on the wire. @defaultValue 1 MiB */
  answerBytes: bytes.default(mebibyte),
  /** Depth of JSON that a target may answer. @defaultValue 64 */
  jsonDepth: count.max(1_000).default(64),
  /** Message of a verdict that the caller sees. Bytes. @defaultValue 1 kB */
  forwardedMessageBytes: bytes.default(1_000),
  /** Async calls that run at once. @defaultValue 64 */
  asyncAtOnce: count.default(64),
  /** Async calls that wait for their turn; more are dropped and counted. @defaultValue 10 000 */
  asyncQueue: z.number().int().min(0).default(10_000),
  /**
   * Calls of one target that are under way at once; more wait for their turn, within their timeout. Fewer than to one host,
   * so that a slow target leaves the others there some. @defaultValue 48
   */
  callsPerTarget: count.default(48),
  /** Calls to one host and port that are under way at once, of whatever targets. @defaultValue 64 */
  callsPerHost: count.default(64),
  /** Calls that wait for a turn of one target, and of one host; one more is an error of its target. @defaultValue 10 000 */
  callQueue: z.number().int().min(0).default(10_000),
  /** Connections to one host. @defaultValue 64 */
  socketsPerHost: count.default(64),
  /** How long `close()` waits for async calls. Milliseconds. @defaultValue 10 000 */
  drainMs: z
    .number()
    .min(0)
    .max(2 ** 31 - 1)
    .default(10_000),
});

/** What an operator may set; see each for its unit and default. */
export type LimitOptions = z.input<typeof schema>;

export type Limits = Readonly<z.output<typeof schema>>;

/** @throws {@link InvalidArgumentError} for an unknown limit or a value out of range */
export function parseLimits(options: LimitOptions = {}): Limits {
  const parsed = schema.safeParse(options);
  if (!parsed.success) throw new InvalidArgumentError(`limits: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
