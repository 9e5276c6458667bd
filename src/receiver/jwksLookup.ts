import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type CompactVerifyGetKey,
  type JSONWebKeySet,
} from 'jose';

import { InvalidSignatureError } from '../errors.js';

/** The sender's public keys: the set itself, where it is published, or a function that brings it. */
export type JwksSource = JSONWebKeySet | URL | (() => Promise<JSONWebKeySet> | JSONWebKeySet);

const maximumAgeMs = 600_000;
const cooldownMs = 30_000;

/**
 * Finds the key of a JWS. A set that has to be brought is kept for 10 minutes, and brought again for an unknown `kid`, at
 * most every 30 seconds.
 */
export function jwksLookup(source: JwksSource, now: () => number): CompactVerifyGetKey {
  if (source instanceof URL)
    return createRemoteJWKSet(source, { cacheMaxAge: maximumAgeMs, cooldownDuration: cooldownMs });
  if (typeof source !== 'function') return createLocalJWKSet(source);
  return loadedLookup(source, now);
}

function loadedLookup(
  load: () => Promise<JSONWebKeySet> | JSONWebKeySet,
  now: () => number,
): CompactVerifyGetKey {
  let loading: Promise<CompactVerifyGetKey> | undefined;
  let loadedAt = 0;
  const current = async (maximumAge: number): Promise<CompactVerifyGetKey> => {
    if (loading !== undefined && now() - loadedAt < maximumAge) return loading;
    loadedAt = now();
    loading = (async () => createLocalJWKSet(await load()))();
    try {
      return await loading;
    } catch (cause) {
      loading = undefined;
      throw new InvalidSignatureError(
        'jwks-unavailable',
        'the public keys of the sender cannot be loaded, so its jwt cannot be judged',
        { cause },
      );
    }
  };
  return async (header, token) => {
    const keys = await current(maximumAgeMs);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return (await current(cooldownMs))(header, token);
    }
  };
}
