import { authorityOf, type NodeRequest } from '../../zitadel/serving/nodeMessages.js';
import { ConsoleProblem } from '../calls/problems.js';

/** A header that a page of another site can send only after a preflight request, which the console never allows. */
const ownHeader = 'x-actions-console';

const refusal = (message: string) => new ConsoleProblem(403, 'CROSS_SITE', message);

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}

/** Normalises a host as URLs do: without the default port, in lower case. */
function isSameHost(origin: string, request: NodeRequest): boolean {
  const authority = authorityOf(request);
  if (authority === undefined) return false;
  const found = hostOf(origin);
  return found === hostOf(`http://${authority}`) || found === hostOf(`https://${authority}`);
}

/** Refuses requests that a page of another origin makes a browser send. @throws {@link ConsoleProblem} 403 */
export function requireSameOrigin(request: NodeRequest): void {
  const { headers, method } = request;
  const site = one(headers['sec-fetch-site']);
  const isRead = method === 'GET' || method === 'HEAD';
  // `none`: the operator typed the address.
  if (site !== undefined && site !== 'same-origin' && !(isRead && site === 'none'))
    throw refusal('the request comes from a page of another origin');
  const origin = one(headers.origin);
  if (origin !== undefined && !isSameHost(origin, request))
    throw refusal('the origin of the request is not the host that it was sent to');
  if (isRead) return;
  if (one(headers[ownHeader]) !== '1') throw refusal(`a change carries the header ${ownHeader}: 1`);
  const [type = ''] = (one(headers['content-type']) ?? '').split(';', 1);
  if (type.trim().toLowerCase() !== 'application/json')
    throw new ConsoleProblem(415, 'UNSUPPORTED_MEDIA_TYPE', 'the body of a change is application/json');
}
