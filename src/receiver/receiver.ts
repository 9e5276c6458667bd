import { InvalidArgumentError, InvalidSignatureError } from '../errors.js';
import type { JSONObject } from '../ports.js';
import { depthHeaderName, depthOf } from '../lib/reading/depthHeader.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { reading, requireFunction, requireFunctions } from '../lib/reading/reading.js';
import { shownType, shownValue } from '../lib/reading/shownValue.js';
import { timeOf } from './timeOf.js';
import { prepareDecryptionKeys, type DecryptionKeys } from './decoding/decryptionKeys.js';
import type { JwksSource } from './decoding/jwksLookup.js';
import { decodeText, parsePayload } from './decoding/parsePayload.js';
import { readRawBody, type RawBody } from './decoding/rawBody.js';
import type { ReceivedCall } from './decoding/receivedCall.js';
import { takeHeaders, type RequestHeaders, type TakenHeaders } from './verifying/requestHeaders.js';
import type { SeenStore } from './seenStore.js';
import { createUnwrap } from './decoding/unwrapBody.js';
import { prepareVerificationKeys } from './verifying/verificationKeys.js';
import { verifySignatures } from './verifying/verifySignatures.js';

/** The options of a receiver. */
export interface ReceiverOptions {
  /** The signing keys of the target, as `targets.add` and `targets.rotateSigningKey` showed them: two while one is rotated. */
  readonly signingKeys: readonly string[];
  /** How far the time of a signature may be from now, in the past or the future. Seconds. @defaultValue 300 */
  readonly toleranceSeconds?: number;
  /** The sender's public keys (`actions.jwks()`), for a target whose `payloadType` is `jwt` or `jwe`. @defaultValue none: such calls are refused */
  readonly jwks?: JwksSource;
  /** Private keys by the id under which their public halves were added to the target, for `payloadType: 'jwe'`. @defaultValue none: such calls are refused */
  readonly decryptionKeys?: DecryptionKeys;
  /**
   * Sets `duplicate` of calls whose id came before. Off by default, since deliveries repeat by design: a call that failed
   * here comes again under the same id. With it a call has to carry the signed `webhook-id`.
   * @defaultValue none
   */
  readonly seen?: SeenStore;
  /** How long `seen` has to remember an id, at least twice the tolerance. Seconds. @defaultValue a day */
  readonly rememberSeconds?: number;
  /** The largest body that is read. Bytes. @defaultValue 4 MiB: the largest jwe of the sender's default limit */
  readonly maximumBytes?: number;
  /** Milliseconds since the Unix epoch. @defaultValue the system's clock */
  readonly now?: () => number;
}

/** A received call. */
export interface IncomingCall {
  /** The received headers. */
  readonly headers: RequestHeaders;
  /** The received bytes, before any parser. */
  readonly body: RawBody;
}

const optionNames: OptionNames<ReceiverOptions> = {
  signingKeys: true,
  toleranceSeconds: true,
  jwks: true,
  decryptionKeys: true,
  seen: true,
  rememberSeconds: true,
  maximumBytes: true,
  now: true,
};

/** Verifies and decodes the calls of a target. */
export interface Receiver {
  /**
   * Verifies a call by each scheme that it carries and then decodes it. `depth`, `deadlineMs` and `rehearsal` come from
   * headers that no scheme signs.
   *
   * @throws {@link InvalidSignatureError} when it is not proven to come from the sender; `reason` says why
   * @throws {@link InvalidArgumentError} when it is proven, but cannot be read
   */
  read<Content = JSONObject>(call: IncomingCall): Promise<ReceivedCall<Content>>;
}

/**
 * Makes a receiver for one target.
 *
 * @throws {@link InvalidArgumentError} for missing or malformed options; no message shows a key
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const taken = readOptions(options, optionNames, 'createReceiver');
  const { toleranceSeconds = 300, maximumBytes = 4_194_304, jwks, seen, now = Date.now } = taken;
  if (!(isNumber(toleranceSeconds) && toleranceSeconds > 0 && toleranceSeconds <= 86_400))
    throw new InvalidArgumentError(
      `toleranceSeconds has to be above 0 and at most 86 400, not ${shownValue(toleranceSeconds)}`,
    );
  const { rememberSeconds = Math.max(86_400, 2 * toleranceSeconds) } = taken;
  if (!(isNumber(rememberSeconds) && rememberSeconds >= 2 * toleranceSeconds))
    throw new InvalidArgumentError(
      `rememberSeconds has to be at least twice toleranceSeconds, ${2 * toleranceSeconds}, not ${shownValue(rememberSeconds)}`,
    );
  if (!(isNumber(maximumBytes) && maximumBytes > 0))
    throw new InvalidArgumentError(`maximumBytes has to be above 0, not ${shownValue(maximumBytes)}`);
  requireFunction(now, 'now');
  if (seen !== undefined) requireFunctions(seen, ['add'], 'seen has to be an object with the function add');
  if (jwks !== undefined && !reading('jwks', () => isJwksSource(jwks)))
    throw new InvalidArgumentError(
      `jwks has to be a JSON Web Key Set, a URL, or a function that fetches one, not ${shownType(jwks)}`,
    );
  const keys = reading('signingKeys', () => {
    if (!Array.isArray(taken.signingKeys))
      throw new InvalidArgumentError(
        `signingKeys has to be a list of keys, not ${shownType(taken.signingKeys)}`,
      );
    return prepareVerificationKeys(taken.signingKeys);
  });
  const { decryptionKeys: given = {} } = taken;
  const decryptionKeys = prepareDecryptionKeys(given);
  const unwrap = createUnwrap({ jwks, decryptionKeys, now });

  return {
    async read<Content>(call: IncomingCall): Promise<ReceivedCall<Content>> {
      const { headers: given, body: bytes } = takeCall(call);
      // Read the headers before the body arrives: later changes of the caller's objects then have no effect.
      const headers = takeHeaders(given);
      const body = await readRawBody(bytes, maximumBytes);
      const nowSeconds = Math.floor(timeOf(now) / 1_000);
      const { id } = verifySignatures(headers, { keys, body, nowSeconds, toleranceSeconds });
      if (seen !== undefined && id === undefined)
        throw new InvalidSignatureError(
          'missing',
          'the call carries no verified webhook-signature, which alone signs the id that `seen` remembers',
        );
      let text = decodeText(body);
      let payloadType: 'json' | 'jwt' | 'jwe' = 'json';
      if (/^[\w-]+\./.test(text)) {
        const unwrapped = await unwrap(text);
        payloadType = unwrapped.payloadType;
        text = decodeText(unwrapped.bytes);
      }
      const parsed = parsePayload<Content>(text);
      const metadata = {
        id,
        payloadType,
        depth: depthOf(headers[depthHeaderName] ?? '0'),
        deadlineMs: deadlineOf(headers),
        rehearsal: headers['actions-rehearsal'] === 'true',
      };
      const duplicate = seen !== undefined && id !== undefined && !(await seen.add(id, rememberSeconds));
      return { ...parsed, ...metadata, duplicate };
    },
  };
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Reads the two members of a call; a request of Node has more. */
function takeCall(call: IncomingCall): IncomingCall {
  if (typeof call !== 'object' || (call as unknown) === null)
    throw new InvalidArgumentError('a call has headers and a body: pass { headers, body }');
  return reading('the call', () => ({ headers: call.headers, body: call.body }));
}

const isJwksSource = (jwks: JwksSource): boolean =>
  typeof jwks === 'function' ||
  jwks instanceof URL ||
  (Array.isArray(jwks.keys) && jwks.keys.every((key: unknown) => typeof key === 'object' && key !== null));

function deadlineOf(headers: TakenHeaders): number | undefined {
  const deadline = headers['actions-deadline-ms'];
  return deadline !== undefined && /^\d{1,9}$/.test(deadline) ? Number(deadline) : undefined;
}
