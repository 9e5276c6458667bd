import { randomBytes } from 'node:crypto';
import { InvalidArgumentError } from '../errors.js';
import { drawBytes } from '../lib/reading/drawBytes.js';
import { requireFunction } from '../lib/reading/reading.js';
import { keyIDPattern } from '../target/settings.js';

const smallest = 10n ** 17n;

/**
 * Draws ids of 18 digits, for `generateTargetID`: the form of ZITADEL's own ids, and the only one that the import of its
 * Terraform provider takes.
 *
 * @param random - as many random bytes as asked for
 * @returns a function that draws one of 9 × 10^17 ids each time; `targets.add` draws again where one is taken
 */
export function eighteenDigitIDs(random: (size: number) => Uint8Array = randomBytes): () => string {
  requireFunction(random, 'random');
  return () => {
    // 128 bits: the remainder favours no id by more than one in 10^20.
    const drawn = BigInt(
      `0x${Buffer.from(drawBytes(random, 16, 'random', 'no id was drawn')).toString('hex')}`,
    );
    return String(smallest + (drawn % (9n * smallest)));
  };
}

/** @throws {@link InvalidArgumentError} for an id that cannot stand in a stream name; nothing was written */
export const checkedTargetIDs = (draw: () => string) => (): string => {
  const id: unknown = draw();
  if (typeof id === 'string' && keyIDPattern.test(id)) return id;
  throw new InvalidArgumentError(
    'generateTargetID drew an id that is not 1 to 200 letters, digits, . _ ~ : or -; nothing was written',
  );
};
