import { InvalidArgumentError } from '../../errors.js';
import { shownName } from '../../lib/reading/shownValue.js';

/**
 * Reads the parameters of a URL.
 *
 * @throws {@link InvalidArgumentError} for a repeated one, of which two readers could use different values
 */
export function parametersOf(url: string): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URL(url, 'http://localhost').searchParams) {
    if (Object.hasOwn(parameters, name))
      throw new InvalidArgumentError(`the parameter ${shownName(name)} is given twice`);
    Object.defineProperty(parameters, name, { value, enumerable: true });
  }
  return parameters;
}
