/** The code of docs/guides/keys.md: every key, and how to replace it. */
// #region imports
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import {
  createActions,
  createKeyring,
  generateEd25519SigningKey,
  isActionsError,
  memoryEventStore,
} from 'eventstore-actions';
import { allow, createReceiver } from 'eventstore-actions/receiver';
// #endregion imports

// #region before
const port = Number(process.env['PORT'] ?? 4000);
const eventStore = memoryEventStore();
const network = { allow: ['127.0.0.1/32'] };
const [old, next] = [randomBytes(32), randomBytes(32)];
const jwtKey = generateKeyPairSync('ed25519').privateKey;
const ed25519 = generateEd25519SigningKey();

// The initial state: one target, whose key and header are sealed under the first key of the keyring.
const before = await createActions({
  eventStore,
  network,
  keyring: createKeyring({ activeKeyID: '2026', keys: { '2026': old } }),
  jwtKeys: { activeKeyID: 'a', keys: { a: jwtKey } },
});
const { id, signingKey } = await before.targets.add({
  name: 'archive',
  type: 'webhook',
  payloadType: 'jwe',
  endpoint: `http://127.0.0.1:${port}/archive`,
  headers: { authorization: 'Bearer of the archive' },
  interruptOnError: true,
});
await before.executions.set({ event: { all: true } }, [id]);
await before.close();
// #endregion before

// #region open
const actions = await createActions({
  eventStore,
  network,
  keyring: createKeyring({ activeKeyID: '2027', keys: { '2026': old, '2027': next } }),
  jwtKeys: { activeKeyID: 'a', keys: { a: jwtKey } },
  ed25519SigningKeys: [ed25519.privateKey],
});
// #endregion open

// #region rotate
const rotated = await actions.targets.rotateSigningKey(id, { graceMs: 24 * 3_600_000 });
// #endregion rotate

// #region reencrypt
const { targets, resealed, unreadable } = await actions.reencrypt({
  onProgress: ({ done, targets: all }) => {
    if (done === all) console.log(`${done} of ${all}`);
  },
});
console.log(targets, resealed, unreadable.length);
// #endregion reencrypt

// #region reader
const reader = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = reader.publicKey.export({ format: 'pem', type: 'spki' }).toString();

await actions.targets.keys.add(id, {
  keyID: 'archive-1',
  publicKey,
  expiresAt: Date.now() + 90 * 86_400_000,
});
await actions.targets.keys.activate(id, 'archive-1');
// #endregion reader

// #region verify
const decryptionKeys = { 'archive-1': reader.privateKey };
const withPublicKey = createReceiver({
  signingKeys: actions.verificationKeys(),
  jwks: actions.jwks(),
  decryptionKeys,
});
// #endregion verify

// #region jwks
const published = createServer((_request, response) => {
  response.setHeader('content-type', 'application/jwk-set+json').end(JSON.stringify(actions.jwks()));
});
// #endregion jwks

// #region try
const receivers = [
  ...[signingKey, rotated.signingKey].map((key) =>
    createReceiver({ signingKeys: [key], jwks: actions.jwks(), decryptionKeys }),
  ),
  withPublicKey,
];
const endpoint = createServer(async (request, response) => {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    for (const receiver of receivers) {
      const { kind } = await receiver.read({ headers: request.headers, body: Buffer.concat(chunks) });
      console.log('read an', kind);
    }
    const reply = allow();
    response.writeHead(reply.status, reply.headers).end(reply.body);
  } catch (error) {
    response.writeHead(isActionsError(error) ? error.status : 500).end();
  }
});

endpoint.listen(port, '127.0.0.1', async () => {
  await actions.intercept(eventStore).append('order-1', [{ type: 'order.placed', data: { total: 250 } }]);
  endpoint.close();
  published.close();
  await actions.close();
});
// #endregion try
