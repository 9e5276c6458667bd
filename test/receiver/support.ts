import { randomBytes } from 'node:crypto';

import { InvalidArgumentError, InvalidSignatureError } from '../../src/errors.js';
import { signatureHeaders } from '../../src/signing/signature.js';
import { generateSigningKey, prepareSigningKey } from '../../src/signing/signingKey.js';
import type { IncomingCall, Receiver } from '../../src/receiver/receiver.js';

/** The time in all tests of the receiver. Milliseconds. */
export const now = 1_735_689_600_000;

export const drawKey = (): string => generateSigningKey(randomBytes);

interface SignOptions {
  readonly id?: string;
  readonly at?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call as the library sends it. */
export function signedCall(
  keys: readonly string[],
  body: string,
  { id = 'msg_1', at = now, headers = {} }: SignOptions = {},
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const signed = signatureHeaders(keys.map(prepareSigningKey), {
    id,
    timestampSeconds: Math.floor(at / 1_000),
    body,
  });
  return { headers: { 'content-type': 'application/json', ...signed, ...headers }, body };
}

export const requestBody = JSON.stringify({
  fullMethod: '/orders.v1.OrderService/PlaceOrder',
  instanceID: 'default',
  userID: 'u1',
  request: { item: 'é', quantity: 2 },
});

/** The error of a refused call, which is one of the two documented ones. */
export async function refusal(
  receiver: Receiver,
  call: IncomingCall,
): Promise<InvalidSignatureError | InvalidArgumentError> {
  try {
    await receiver.read(call);
  } catch (error) {
    if (error instanceof InvalidSignatureError || error instanceof InvalidArgumentError) return error;
    throw error;
  }
  throw new Error('the call was accepted');
}

export async function reasonOf(receiver: Receiver, call: IncomingCall): Promise<string> {
  const error = await refusal(receiver, call);
  return error instanceof InvalidSignatureError ? error.reason : error.code;
}
