import { InvalidArgumentError } from '../../errors.js';
import { pathOf, type NodeRequest } from '../../zitadel/serving/nodeMessages.js';

const otherCharacter = /[^A-Za-z0-9._~-]/;
const longest = 200;

/** Checks the path and removes a slash at its end. @throws {@link InvalidArgumentError} */
export function takeBasePath(given: unknown): string {
  const problem =
    "basePath is a path such as '/console', of at most 200 letters, digits and -._~; nothing was opened";
  if (typeof given !== 'string' || given.length > longest) throw new InvalidArgumentError(problem);
  const path = given.endsWith('/') ? given.slice(0, -1) : given;
  if (path === '') return path;
  const [first, ...segments] = path.split('/');
  const isSegment = (segment: string) =>
    segment !== '' && segment !== '.' && segment !== '..' && !otherCharacter.test(segment);
  if (first !== '' || !segments.every(isSegment)) throw new InvalidArgumentError(problem);
  return path;
}

/**
 * Where a request goes: to a path below the base, to the base without its slash (`redirect` is the target), or elsewhere.
 */
type Place = { readonly below: string } | { readonly redirect: string } | undefined;

const withSlash = (path: string): string => `./${path.slice(path.lastIndexOf('/') + 1)}/`;

/**
 * Finds the place of a request. Express removes the path at which the console is mounted from `url`, and keeps it in
 * `originalUrl`.
 */
export function placeOf(request: NodeRequest, basePath: string): Place {
  const path = pathOf(request);
  const original = 'originalUrl' in request ? request.originalUrl : undefined;
  const asked = typeof original === 'string' ? (original.split('?', 1)[0] ?? '') : path;
  if (path === basePath && basePath !== '') return { redirect: withSlash(asked) };
  if (!path.startsWith(`${basePath}/`)) return undefined;
  const below = path.slice(basePath.length + 1);
  return below === '' && !asked.endsWith('/') ? { redirect: withSlash(asked) } : { below };
}
