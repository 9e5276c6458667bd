import { z } from 'zod';
import { InvalidArgumentError } from '../errors.js';
import { issueText } from './issueText.js';
import { reading, requireNoPromise } from './reading/reading.js';
import { shownValue } from './reading/shownValue.js';

/** Parses what a caller passed, strictly; each member is read once. @throws {@link InvalidArgumentError} that names each field and never its value */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  what: string,
  consequence = '; nothing was called or written',
): z.output<Schema> {
  requireNoPromise(input, what);
  const parsed = reading(what, () => schema.safeParse(input, { error: issueText }));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  throw new InvalidArgumentError(`${what} cannot be used: ${problems.join('; ')}${consequence}`);
}

/** The consequence of a refused query. */
export const nothingRead = '; nothing was read';

/** As {@link parseInput}, for an argument that would have been written. */
export const parseCommand = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  what: string,
): z.output<Schema> => parseInput(schema, input, what, '; nothing was written');

/** Ids of instances stand in stream names, where a dot ends the id. */
export const instanceIDSchema = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/, {
  error: ({ input }) => `an instance id has 1 to 200 letters, digits, _ or -, not ${shownValue(input)}`,
});
