import axios from 'axios';
import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
import { expect } from 'chai';

import { signatureHeaders } from '../../../src/signing/signature.js';
import { prepareSigningKey } from '../../../src/signing/signingKey.js';
import { testSigningKey, withClient } from '../../support/httpCall.js';
import type { TestClient } from '../../support/httpCall.js';
import { targetServer } from '../../support/targetServer.js';
import type { TargetServer } from '../../support/targetServer.js';

export type Change = (config: InternalAxiosRequestConfig) => unknown;

/** An instance with these request interceptors, in this order of registration. */
export const instanceWith = (...changes: readonly Change[]): AxiosInstance => {
  const instance = axios.create();
  for (const change of changes) instance.interceptors.request.use(change as never);
  return instance;
};

/** Runs `use` with a server and a client whose calls go through `instance`. */
export async function runThrough(
  instance: AxiosInstance,
  use: (server: TargetServer, client: TestClient) => Promise<void>,
): Promise<void> {
  await using server = await targetServer({ body: '{"answer":1}' });
  await withClient({ allow: [server.allow] }, (client) => use(server, client), { axios: instance });
}

/** Whether the signature covers the received bytes. */
export function expectSigned(call: TargetServer['received'][number] | undefined): void {
  const expected = signatureHeaders([prepareSigningKey(testSigningKey)], {
    id: 'call-1',
    timestampSeconds: 1_700_000_000,
    body: call?.body ?? '',
  });
  for (const [name, value] of Object.entries(expected)) expect(call?.headers[name]).to.equal(value);
}
