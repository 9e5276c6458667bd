import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import type { JSONValue } from '../../ports.js';
import { defineFunction } from '../operations/functionDefinition.js';
import { record, tokenSubject, userMetadata, type UserMetadata } from './flowSchemas.js';
import { shownType } from '../../lib/reading/shownValue.js';

/** Claims with this prefix are the issuer's own; a target's claim with it is ignored silently. */
const reservedPrefix = 'urn:zitadel:iam';

/** The claim that a function's log is found under. @throws {@link InvalidArgumentError} for a name that is no text */
export function logClaimName(functionName: string): string {
  if (typeof functionName !== 'string')
    throw new InvalidArgumentError(
      `the name of a function is text, not ${shownType(functionName)}; nothing was called or written`,
    );
  return `${reservedPrefix}:action:function/${functionName}:log`;
}

/** The result of a function that complements a token. */
export interface ComplementedClaims {
  /** The claims of the payload and the appended claims, with the log under {@link logClaimName}. */
  readonly claims: Readonly<Record<string, JSONValue>>;
  /** Metadata for the host to store; where that fails, `failed to set user metadata key "<key>"` belongs into the log. */
  readonly metadata: UserMetadata;
}

const payload = z.object({ userinfo: record.optional(), ...tokenSubject });
const answer = z.object({
  set_user_metadata: userMetadata.optional(),
  append_claims: z.array(z.object({ key: z.string().min(1), value: z.json() })).optional(),
  append_log_claims: z.array(z.string()).optional(),
});

/** An existing claim is never overwritten: a line of the log reports it. */
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

/** Runs before user info, an id token or an introspection is answered. */
export const preUserInfo = defineClaims('preuserinfo');

/** Runs before a JWT access token is issued. */
export const preAccessToken = defineClaims('preaccesstoken');
