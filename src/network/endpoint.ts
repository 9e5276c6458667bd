import { parseAddress } from './address.js';
import type { Address } from './address.js';
import { isHostName, looksNumeric } from './hostName.js';

/** Bytes, which are characters: an endpoint is ASCII. */
const maxEndpointLength = 2_048;

/** An endpoint in parts, each exactly as it was written; only the host is lower-cased. */
export interface Endpoint {
  /** The whole text: it may hold a secret and is never shown. */
  readonly text: string;
  readonly scheme: 'http' | 'https';
  /** A host name, or an address without brackets. */
  readonly host: string;
  /** The address, where the host is one. */
  readonly address: Address | undefined;
  readonly port: number;
  /** Value of the `host` header: the default port is left out. */
  readonly authority: string;
  /** Path and query: they may hold a secret and are never shown. */
  readonly path: string;
  /** Scheme, host and port: the only part that may be shown. */
  readonly origin: string;
}

/** Why an endpoint or an address may not be called. */
export interface Refusal {
  readonly refused: string;
  readonly message: string;
}

/** Whether an endpoint was refused. */
export function isRefusal(judgement: Endpoint | Refusal): judgement is Refusal {
  return 'refused' in judgement;
}

export function refusal(refused: string, message: string): Refusal {
  return { refused, message };
}

const form = /^(https?):\/\/([^/?#\\]*)((?:[/?][^#\\]*)?)$/;
const uriCharacters = /^(?:[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const authorityForm = /^(\[[0-9A-Fa-f:.]*\]|[^:[\]@]*)(?::(\d{1,5}))?$/;

/**
 * Reads an endpoint, and refuses every text that URL parsers would have to repair or could read in two ways. The
 * messages name the rule and never repeat the endpoint: user info, path and query may hold secrets.
 */
export function parseEndpoint(raw: unknown): Endpoint | Refusal {
  if (typeof raw !== 'string' || raw === '' || raw.length > maxEndpointLength)
    return refusal('length', `an endpoint is a URL of 1 to ${maxEndpointLength} characters`);
  if (!/^[\x21-\x7e]*$/.test(raw) || raw.includes('\\'))
    return refusal(
      'characters',
      'an endpoint has no white space, control characters, backslashes or characters beyond ASCII: percent-encode paths, write host names in their ASCII form (xn--)',
    );
  if (!/^https?:\/\//.test(raw))
    return refusal('scheme', 'an endpoint starts with exactly https:// or http://');
  if (raw.includes('#')) return refusal('fragment', 'an endpoint has no fragment (#)');
  const [, scheme, authority = '', rest = ''] = form.exec(raw) ?? [];
  if (authority.includes('@'))
    return refusal(
      'user-info',
      'an endpoint has no user info (user:password@): send credentials as a header of the target',
    );
  if (!uriCharacters.test(rest))
    return refusal(
      'characters',
      'the path or query of the endpoint has characters that RFC 3986 wants percent-encoded',
    );
  const parts = authorityForm.exec(authority);
  if (parts === null) return refusal('host', 'the host of the endpoint cannot be read in one way only');
  return assemble({
    raw,
    scheme: scheme as 'http' | 'https',
    rawHost: parts[1] ?? '',
    rawPort: parts[2],
    rest,
  });
}

/** An endpoint in its written parts. */
interface Written {
  readonly raw: string;
  readonly scheme: 'http' | 'https';
  readonly rawHost: string;
  readonly rawPort: string | undefined;
  /** Path and query. */
  readonly rest: string;
}

function assemble({ raw, scheme, rawHost, rawPort, rest }: Written): Endpoint | Refusal {
  const bracketed = rawHost.startsWith('[');
  const host = (bracketed ? rawHost.slice(1, -1) : rawHost).toLowerCase();
  const address = parseAddress(host);
  if (bracketed ? address?.kind() !== 'ipv6' : address === undefined && !isHostName(host)) {
    return !bracketed && /^[0-9a-z.-]+$/.test(host) && looksNumeric(host)
      ? numericHost
      : refusal(
          'host',
          'the host of the endpoint is neither a host name, nor four plain decimals, nor an IPv6 address in brackets',
        );
  }
  if (address === undefined && looksNumeric(host)) return numericHost;
  const usual = scheme === 'https' ? 443 : 80;
  const port = rawPort === undefined ? usual : Number(rawPort);
  if ((rawPort?.startsWith('0') ?? false) || port > 65_535)
    return refusal('port', 'the port of the endpoint is not a plain number from 1 to 65535');
  const shownHost = bracketed ? `[${host}]` : host;
  return {
    text: raw,
    scheme,
    host,
    address,
    port,
    authority: port === usual ? shownHost : `${shownHost}:${port}`,
    path: rest.startsWith('/') ? rest : `/${rest}`,
    origin: `${scheme}://${shownHost}:${port}`,
  };
}

const numericHost = refusal(
  'numeric-host',
  'the host of the endpoint becomes an address only by parsing: write four plain decimals',
);
