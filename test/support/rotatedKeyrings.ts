import { Webhook } from 'standardwebhooks';
import { createKeyring, type EventStore, type Keyring } from '../../src/index.js';
import { openActions, readAll } from './openActions.js';
import type { ReceivedCall } from './targetServer.js';

export const keys = {
  k1: Buffer.alloc(32, 1).toString('base64'),
  k2: Buffer.alloc(32, 2).toString('base64'),
};
export const before = createKeyring({ activeKeyID: 'k1', keys: { k1: keys.k1 } });
export const both = createKeyring({ activeKeyID: 'k2', keys });
export const after = createKeyring({ activeKeyID: 'k2', keys: { k2: keys.k2 } });
export const event = { type: 'order.placed', data: {} };

/** Whether the target's own key signed the call. */
export function isSignedBy(key: string, call: ReceivedCall | undefined): boolean {
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
      name,
      String(call?.headers[name]),
    ]),
  );
  try {
    new Webhook(key).verify(call?.body ?? '', headers);
    return true;
  } catch {
    return false;
  }
}

export const reopen = (store: EventStore, keyring: Keyring | 'plaintext', allow: readonly string[] = []) =>
  openActions({ eventStore: store, keyring, network: { allow: [...allow] } });

/** The ids of the keys of the keyring that the secrets of a target are sealed under, as far as they are in use. */
export async function sealedUnder(store: EventStore, stream: string): Promise<ReadonlySet<string>> {
  const data = (await readAll(store, stream)).map((recorded) => recorded.data as Record<string, unknown>);
  const last = (field: string) => JSON.stringify(data.findLast((each) => field in each)?.[field] ?? null);
  const ids = `${last('signingKeys')}${last('headers')}`.matchAll(
    /"(?:keyID":"(?<id>\w+)|algorithm":"plaintext)"/g,
  );
  return new Set([...ids].map(({ groups }) => groups?.['id'] ?? 'plaintext'));
}
