import { systemClock } from '../../lib/clock.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireBoolean, requireClock } from '../../lib/reading/reading.js';
import type { Clock } from '../../ports.js';

/** The options of an intercepted client of EventStoreDB or KurrentDB. */
export interface InterceptSettings {
  /**
   * Reads the end of the stream before any target is called and refuses a stale `appendToStream` then, instead of after the
   * calls. Every append with a target costs one more read, with the credentials of the append; the read does not move the
   * client to another node. An append that expects `any` or `stream_exists` cannot be stale and costs no read. Appends to
   * several streams, which KurrentDB has, are not checked first.
   *
   * @defaultValue false
   */
  readonly checkFirst?: boolean;
  /** The clock of deadlines. @defaultValue the clock of the machine */
  readonly clock?: Clock;
}

const optionNames: OptionNames<InterceptSettings> = { checkFirst: true, clock: true };

/**
 * Parses the options of an intercepted client and fills in the defaults. @throws {@link InvalidArgumentError} for an
 * unknown or malformed one
 */
export function takeInterceptOptions(given: InterceptSettings, what: string): Required<InterceptSettings> {
  const { checkFirst = false, clock = systemClock() } = readOptions(given, optionNames, what);
  requireBoolean(checkFirst, 'checkFirst');
  requireClock(clock);
  return { checkFirst, clock };
}
