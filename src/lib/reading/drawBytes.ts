import { InvalidArgumentError } from '../../errors.js';

/**
 * Draws bytes by a function of the user. An error that it throws passes unchanged.
 *
 * @param name - the option that holds the function
 * @param consequence - what did not happen
 * @throws {@link InvalidArgumentError} for another answer than as many bytes as were asked for
 */
export function drawBytes(
  draw: (size: number) => Uint8Array,
  size: number,
  name: string,
  consequence: string,
): Uint8Array {
  const drawn: unknown = draw(size);
  if (drawn instanceof Uint8Array && drawn.length === size) return drawn;
  throw new InvalidArgumentError(
    `${name} has to return a Uint8Array of ${size} bytes when it is asked for ${size}; ${consequence}`,
  );
}
