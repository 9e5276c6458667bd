import { expect } from 'chai';

import { CallFailedError } from '../../src/errors.js';
import type { InterruptReason } from '../../src/errors.js';
import { createHttpClient } from '../../src/firing/transport/httpTarget.js';
import type { HttpClientOptions } from '../../src/firing/transport/httpTarget.js';
import { createNetworkPolicy } from '../../src/network/networkPolicy.js';
import type { NetworkPolicy } from '../../src/network/networkPolicy.js';
import type { NetworkPolicySource } from '../../src/network/networkPolicyOptions.js';
import { signatureHeaders } from '../../src/signing/signature.js';
import { prepareSigningKey } from '../../src/signing/signingKey.js';
import type { HttpCall, HttpClient } from '../../src/firing/calls/httpCall.js';
import { parseEndpoint } from '../../src/network/endpoint.js';
import type { HttpAnswer } from '../../src/ports.js';

export const testSigningKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const prepared = prepareSigningKey(testSigningKey);

/** A signed call with a small body, and a deadline beyond any test. */
export function callTo(endpoint: string, changes: Partial<HttpCall> = {}): HttpCall {
  return {
    endpoint: parseEndpoint(endpoint),
    body: '{"order":1}',
    headers: (body) => ({
      'content-type': 'application/json',
      ...signatureHeaders([prepared], { id: 'call-1', timestampSeconds: 1_700_000_000, body }),
      'actions-depth': '1',
    }),
    instanceID: 'default',
    timeoutMs: 15_000,
    answerBytes: 65_536,
    ...changes,
  };
}

export interface TestClient {
  readonly client: HttpClient;
  readonly policy: NetworkPolicy;
  post(endpoint: string, changes?: Partial<HttpCall>): Promise<HttpAnswer>;
  /** The error of a call that has to fail. */
  failure(endpoint: string, changes?: Partial<HttpCall>): Promise<CallFailedError>;
}

/** Runs `use` with a client, and closes it, also after an error. */
export async function withClient<T>(
  network: NetworkPolicySource,
  use: (client: TestClient) => Promise<T>,
  options: Omit<HttpClientOptions, 'policy'> = {},
): Promise<T> {
  const policy = createNetworkPolicy(network);
  const client = createHttpClient({ policy, ...options });
  const post: TestClient['post'] = (endpoint, changes) => client.post(callTo(endpoint, changes));
  try {
    return await use({
      client,
      policy,
      post,
      failure: (endpoint, changes) =>
        post(endpoint, changes).then(
          (answer) => expect.fail(`answered with ${answer.status}`),
          (error: unknown) => {
            expect(error).to.be.instanceOf(CallFailedError);
            return error as CallFailedError;
          },
        ),
    });
  } finally {
    client.close();
  }
}

/** Expects the error of a call, which may hold no part of the request. */
export function expectFailure(error: CallFailedError, reason: InterruptReason, rule?: string): void {
  expect({ reason: error.reason, rule: error.rule }, error.message).to.deep.equal({ reason, rule });
  expect(error.cause).to.equal(undefined);
  expect(Object.keys(error)).to.have.members([
    'name',
    'code',
    'status',
    'grpcCode',
    'reason',
    'rule',
    'untried',
  ]);
}
