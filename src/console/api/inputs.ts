import { z } from 'zod';
import { parseInput } from '../../lib/input.js';
import { InvalidArgumentError } from '../../errors.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { ConsoleProblem } from '../calls/problems.js';
import type { Kind } from '../wire/shared.js';
import type { ApiCall } from '../calls/apiCall.js';
import type { Permission } from '../../zitadel/wire/rpcTable.js';
import { shownType } from '../../lib/reading/shownValue.js';

export const text = z.string().min(1).max(4_000);
export const kinds = ['request', 'response', 'function', 'event'] as const satisfies readonly Kind[];
const digits = z.string().regex(/^[0-9]{1,15}$/, 'a number in decimal digits');

/** A parameter that is a number in digits. */
export const count = digits.transform(Number);

const limit = count.pipe(z.number().min(1).max(200)).default(50);

/** The parameters of a list with numbered rows. */
export const pageParameters = { after: count.default(0), limit };
/** The parameters of a list that continues after the id of a row. */
export const listParameters = { after: text.optional(), limit };

/** @throws {@link InvalidArgumentError} */
export const takeQuery = <Shape extends z.ZodRawShape>({ query }: ApiCall, shape: Shape) =>
  parseInput(z.strictObject(shape), query, 'the query of the request');

/** @throws {@link InvalidArgumentError} */
export const takeBody = <Shape extends z.ZodRawShape>({ body }: ApiCall, shape: Shape) =>
  parseInput(z.strictObject(shape), body, 'the body');

/** Takes the members of a body. The commands check their values. @throws {@link InvalidArgumentError} for an unknown one */
export const takeMembers = <Body extends object>({ body }: ApiCall, names: OptionNames<Body>): Body => {
  if (body === undefined || body === null)
    throw new InvalidArgumentError(
      `the body is a JSON object, not ${shownType(body)}; nothing was called or written`,
    );
  return readOptions(body as Body, names, 'the body');
};

/** Requires a permission that only some uses of an endpoint need. @throws {@link ConsoleProblem} 403 */
export function requirePermission({ access }: ApiCall, permission: Permission): void {
  if (!access.permissions.includes(permission))
    throw new ConsoleProblem(403, 'PERMISSION_DENIED', `this needs the permission ${permission}`);
}
