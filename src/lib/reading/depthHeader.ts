import { InvalidArgumentError } from '../../errors.js';

/** The header that tells how many endpoints lie between the first operation and this call (rule E6). */
export const depthHeaderName = 'actions-depth';

/**
 * The depth of a call, by the value of its header. At most nine digits, so that it stays a whole number that JavaScript
 * counts on exactly.
 *
 * @param consequence - what the error says after its problem
 * @throws {@link InvalidArgumentError}
 */
export function depthOf(header: string, consequence = ''): number {
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw new InvalidArgumentError(
    `the header ${depthHeaderName} is not a whole number of 1 to 9 digits${consequence}`,
  );
}
