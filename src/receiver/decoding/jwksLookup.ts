import type * as Jose from 'jose';
import type { CompactVerifyGetKey, JSONWebKeySet } from 'jose';

import { InvalidSignatureError } from '../../errors.js';

/** The sender's public keys: the set itself, where it is published, or a function that brings it. */
export type JwksSource = JSONWebKeySet | URL | (() => Promise<JSONWebKeySet> | JSONWebKeySet);

const maximumAgeMs = 600_000;
const cooldownMs = 30_000;

/**
 * Finds the key of a JWS. A set that has to be brought is kept for 10 minutes, and brought again for an unknown `kid`, at
 * most every 30 seconds.
 */
export function jwksLookup(jose: typeof Jose, source: JwksSource, now: () => number): CompactVerifyGetKey {
  const lookup = lookupOf(jose, source, now);
  return async (header, token) => {
    try {
      return await lookup(header, token);
    } catch (cause) {
      if (
        cause instanceof jose.errors.JWKSNoMatchingKey ||
        cause instanceof jose.errors.JWKSMultipleMatchingKeys
      )
        throw new InvalidSignatureError('unknown-key', 'jwks does not hold the key that the jwt names', {
          cause,
        });
      throw new InvalidSignatureError(
        'jwks-unavailable',
        'the public keys of the sender cannot be loaded, so its jwt cannot be judged',
        { cause },
      );
    }
  };
}

function lookupOf(jose: typeof Jose, source: JwksSource, now: () => number): CompactVerifyGetKey {
  if (source instanceof URL)
    return jose.createRemoteJWKSet(source, { cacheMaxAge: maximumAgeMs, cooldownDuration: cooldownMs });
  return typeof source === 'function' ? loadedLookup(jose, source, now) : jose.createLocalJWKSet(source);
}

function loadedLookup(
  jose: typeof Jose,
  load: () => Promise<JSONWebKeySet> | JSONWebKeySet,
  now: () => number,
): CompactVerifyGetKey {
  let loading: Promise<CompactVerifyGetKey> | undefined;
  let loadedAt = 0;
  const current = async (maximumAge: number): Promise<CompactVerifyGetKey> => {
    if (loading !== undefined && now() - loadedAt < maximumAge) return loading;
    loadedAt = now();
    const attempt = (async () => jose.createLocalJWKSet(await load()))();
    loading = attempt;
    try {
      return await attempt;
    } catch (error) {
      if (loading === attempt) loading = undefined;
      throw error;
    }
  };
  return async (header, token) => {
    const keys = await current(maximumAgeMs);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof jose.errors.JWKSNoMatchingKey)) throw error;
      return (await current(cooldownMs))(header, token);
    }
  };
}
