import type * as Jose from 'jose';
import type { CompactVerifyGetKey, JSONWebKeySet } from 'jose';

import { InvalidSignatureError } from '../../errors.js';
import { readRawBody } from './rawBody.js';

/** The sender's public keys: the set itself, where it is published, or a function that fetches it. */
export type JwksSource = JSONWebKeySet | URL | (() => Promise<JSONWebKeySet> | JSONWebKeySet);

const maximumAgeMs = 600_000;
const cooldownMs = 30_000;

/**
 * Finds the key of a JWS. A fetched set is kept for 10 minutes, and fetched again for an unknown `kid`, at most every
 * 30 seconds.
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
        throw new InvalidSignatureError(
          'unknown-key',
          'jwks does not hold the key that the jwt names by its kid',
          {
            cause,
          },
        );
      throw new InvalidSignatureError(
        'jwks-unavailable',
        'the public keys of the sender cannot be loaded, so its jwt cannot be judged',
        { cause },
      );
    }
  };
}

function lookupOf(jose: typeof Jose, source: JwksSource, now: () => number): CompactVerifyGetKey {
  if (source instanceof URL) return loadedLookup(jose, () => published(source), now);
  return typeof source === 'function' ? loadedLookup(jose, source, now) : jose.createLocalJWKSet(source);
}

const maximumBytes = 1_048_576;
const timeoutMs = 5_000;

async function published(url: URL): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) throw new Error(`the key set was answered with status ${response.status}`);
  const bytes = await readRawBody(response.body ?? '', maximumBytes);
  return JSON.parse(new TextDecoder().decode(bytes)) as JSONWebKeySet;
}

/** Whether less than `maximumMs` have passed since `takeTime` was called. */
type Within = (maximumMs: number) => boolean;

/**
 * Takes the time by two clocks. The monotonic one, because a time of day that is set back would keep a key set fresh
 * for too long. The time of day, because the monotonic clock may stand still while a machine sleeps.
 */
function takeTime(now: () => number): Within {
  const elapsedAt = performance.now();
  const at = now();
  return (maximumMs) => {
    const age = now() - at;
    return age >= 0 && age < maximumMs && performance.now() - elapsedAt < maximumMs;
  };
}

function loadedLookup(
  jose: typeof Jose,
  load: () => Promise<JSONWebKeySet> | JSONWebKeySet,
  now: () => number,
): CompactVerifyGetKey {
  let loading: Promise<CompactVerifyGetKey> | undefined;
  let isWithin: Within = () => false;
  const current = async (maximumMs: number): Promise<CompactVerifyGetKey> => {
    if (loading !== undefined && isWithin(maximumMs)) return loading;
    isWithin = takeTime(now);
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
