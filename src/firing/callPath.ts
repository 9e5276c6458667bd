import type { AxiosInstance } from 'axios';
import { z } from 'zod';
import { parseInput } from '../lib/input.js';
import type { Limits } from '../limits.js';
import type { Clock, Keyring } from '../ports.js';
import { createAsyncCalls } from './pacing/asyncCalls.js';
import { createBreakers, parseBreaker, type BreakerOptions } from './pacing/breakers.js';
import { factsOf } from './reporting/callFacts.js';
import { createCallLog, noCalls } from './reporting/callLog.js';
import { createCallReporter } from './reporting/callReporter.js';
import { createCapturedBody } from './reporting/capturedBody.js';
import type { CallReport } from './reporting/callReport.js';
import { createCallTarget } from './calls/callTarget.js';
import { createDrain } from './pacing/drain.js';
import type { Mode } from './enforcement.js';
import { createPacing } from './pacing/pacing.js';
import { createFire } from './fire.js';
import { createHttpClient, type ProxyOptions, type TlsOptions } from './transport/httpTarget.js';
import type { JwtKeys } from '../signing/jwtKeys.js';
import type { NetworkPolicy } from '../network/networkPolicy.js';
import { prepareEd25519SigningKey, verificationKeyOf } from '../signing/signingKey.js';
import { createEnvelopeReader } from '../signing/targetEnvelope.js';
import { createSecretReader } from '../signing/targetSecrets.js';
import { traceCalls } from './telemetry/tracedCalls.js';
import { traceOperations } from './telemetry/tracedOperations.js';
import { countVerdicts } from './telemetry/verdicts.js';

/** The options that decide how targets are called. */
export interface CallSettings {
  /**
   * ed25519 keys (`whsk_...`, see `generateEd25519SigningKey`) that sign every call, besides the keys of its target, as
   * `v1a` of Standard Webhooks: receivers then need only `actions.verificationKeys()`, which is no secret. Give several
   * while one is rotated. Each key costs every call about 50 microseconds.
   * @defaultValue none
   */
  readonly ed25519SigningKeys?: readonly string[];
  /** An axios instance whose interceptors run around every call. @defaultValue an internal instance without interceptors */
  readonly axios?: AxiosInstance;
  /** An HTTP proxy for all calls. @defaultValue none; proxy variables of the environment are ignored */
  readonly proxy?: ProxyOptions;
  /**
   * TLS options for endpoints of a private certificate authority.
   * @defaultValue the authorities of Node, no client certificate
   */
  readonly tls?: TlsOptions;
  /**
   * Circuit breakers: a target that keeps failing is not called for a while. `{}` takes the defaults.
   * @defaultValue off
   */
  readonly breaker?: BreakerOptions;
  /**
   * Receives the report of every call once its verdict is known, also of calls that were not sent: for an audit log or
   * an alarm. The operation waits for it, so hand slow work on. An error that it throws or rejects with changes
   * nothing, and becomes a warning of the process the first time. `health().targets` adds up the same reports.
   * @defaultValue none
   */
  readonly onCall?: (call: CallReport) => void;
  /**
   * How many of the latest calls `actions.calls` keeps, and whether with their bodies.
   * @defaultValue 1 000 calls and 16 MiB, without bodies
   */
  readonly calls?: CallsOptions;
}

/** The bounds of `actions.calls`. */
export interface CallsOptions {
  /** The most calls that are kept; 0 keeps no call, and costs nothing. @defaultValue 1 000 */
  readonly count?: number;
  /** The most memory of kept calls. Bytes. @defaultValue 16 MiB */
  readonly bytes?: number;
  /** Whether the bodies of calls and answers are kept, cut at 4 kB. @defaultValue `false` */
  readonly captureBodies?: boolean;
  /** Names of fields, at any depth and in any case, whose values are masked in kept bodies. @defaultValue none */
  readonly redact?: readonly string[];
}

interface CallPathOptions {
  readonly settings: CallSettings;
  readonly policy: NetworkPolicy;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly mode: Mode;
  readonly keyring: Keyring;
  readonly jwtKeys: JwtKeys | undefined;
  /** Whether a target still exists. */
  readonly isTarget: (instanceID: string, targetID: string) => boolean;
}

const keys = z.array(z.string());
const callsOptions = z.strictObject({
  count: z.number().int().min(0).max(100_000).default(1_000),
  bytes: z
    .number()
    .int()
    .min(0)
    .max(2 ** 30)
    .default(16 * 1_048_576),
  captureBodies: z.boolean().default(false),
  redact: z.array(z.string().min(1).max(200)).max(1_000).default([]),
});

/** `undefined` where no calls are kept. */
function keptCalls(options: CallsOptions, clock: Clock) {
  const { count, bytes, captureBodies, redact } = parseInput(callsOptions, options, 'calls');
  if (count === 0 || bytes === 0) return undefined;
  const capture = captureBodies ? createCapturedBody(redact) : undefined;
  return { log: createCallLog({ count, bytes }, clock.now), capture };
}

/**
 * The path from the targets that an operation matched to their answers.
 *
 * `fire` calls the targets of an operation. `callAtOnce` makes one traced call without a breaker and without a queue,
 * for a caller that paces its calls.
 *
 * @throws {@link InvalidArgumentError} for malformed settings; nothing is open then
 */
export function createCallPath({ settings, policy, ...sources }: CallPathOptions) {
  const { clock, limits, mode, isTarget } = sources;
  const breaker = settings.breaker === undefined ? undefined : parseBreaker(settings.breaker);
  const { ed25519SigningKeys = [] } = settings;
  const signingKeys = parseInput(keys, ed25519SigningKeys, 'ed25519SigningKeys').map(
    prepareEd25519SigningKey,
  );
  const verificationKeys = signingKeys.map(verificationKeyOf);
  const http = createHttpClient({
    policy,
    clock,
    socketsPerHost: limits.socketsPerHost,
    ...(settings.axios !== undefined && { axios: settings.axios }),
    ...(settings.proxy !== undefined && { proxy: settings.proxy }),
    ...(settings.tls !== undefined && { tls: settings.tls }),
  });
  const kept = keptCalls(settings.calls ?? {}, clock);
  const counted = countVerdicts(settings.onCall);
  const reporter = createCallReporter(
    kept
      ? (call, ended) => {
          kept.log.add(call, ended && factsOf(ended, kept.capture));
          return counted(call);
        }
      : counted,
    clock.now,
  );
  const secrets = createSecretReader(sources.keyring, signingKeys);
  const envelopes = createEnvelopeReader(sources.jwtKeys);
  const asyncCalls = createAsyncCalls({
    atOnce: limits.asyncAtOnce,
    perTarget: limits.callsPerTarget,
    queue: limits.asyncQueue,
    queueBytes: limits.asyncQueueBytes,
  });
  const drain = createDrain({ drainMs: limits.drainMs, clock });
  const callAtOnce = traceCalls(createCallTarget({ http, clock, secrets, envelopes, limits }), clock);
  const breakers = breaker && createBreakers({ breaker, clock, isTarget });
  const pacing = createPacing({ clock, limits, breakers });
  const callTarget = pacing.pace(callAtOnce);
  const fireUntraced = createFire({ callTarget, asyncCalls, drain, reporter, clock, limits, mode });
  const fire = traceOperations(fireUntraced, clock);
  return {
    fire,
    callTarget,
    callAtOnce,
    http,
    reporter,
    secrets,
    envelopes,
    asyncCalls,
    drain,
    breakers,
    pacing,
    verificationKeys,
    calls: (instanceID: () => string) => kept?.log.calls(instanceID) ?? noCalls,
    /** Ends the subscriptions of calls. */
    closeCalls: () => kept?.log.close(),
  };
}
