import { z } from 'zod';
import type { JSONValue } from '../../ports.js';
import { defineFunction } from '../operations/functionDefinition.js';
import { record, tokenSubject, userMetadata, type UserMetadata } from './schemas.js';

/** Claims that begin with it are the issuer's own; a target that names one is passed over without a word. */
const reservedPrefix = 'urn:zitadel:iam';

/** The claim that a function's log is found under. */
export const logClaimName = (functionName: string): string =>
  `${reservedPrefix}:action:function/${functionName}:log`;

/** What a function that complements a token gives back. */
export interface ComplementedClaims {
  /** The claims of the payload and those that were appended, with the log under {@link logClaimName}. */
  readonly claims: Readonly<Record<string, JSONValue>>;
  /** To be stored by the host; where that fails, `failed to set user metadata key "<key>"` belongs into the log. */
  readonly metadata: UserMetadata;
}

const payload = z.object({ userinfo: record.optional(), ...tokenSubject });
const answer = z.object({
  set_user_metadata: userMetadata.optional(),
  append_claims: z.array(z.object({ key: z.string().min(1), value: z.json() })).optional(),
  append_log_claims: z.array(z.string()).optional(),
});

/** A claim that exists already is never overwritten: a line of the log says so instead. */
function complement(
  name: string,
  existing: Readonly<Record<string, JSONValue>>,
  given: z.output<typeof answer> | null,
): ComplementedClaims {
  const claims = new Map<string, JSONValue>(Object.entries(existing));
  const log: string[] = [];
  for (const { key, value } of given?.append_claims ?? []) {
    if (key.startsWith(reservedPrefix)) continue;
    if (claims.has(key)) log.push(`key "${key}" already exists`);
    else claims.set(key, value);
  }
  log.push(...(given?.append_log_claims ?? []));
  if (log.length > 0) claims.set(logClaimName(name), log);
  return { claims: Object.fromEntries(claims), metadata: given?.set_user_metadata ?? [] };
}

const defineClaims = (name: string) =>
  defineFunction({
    name,
    payload,
    answer,
    apply: ({ userinfo = {} }, given) => complement(name, userinfo, given),
  });

/** Before user info, an id token or an introspection is answered. */
export const preUserInfo = defineClaims('preuserinfo');

/** Before a JWT access token is issued. */
export const preAccessToken = defineClaims('preaccesstoken');
