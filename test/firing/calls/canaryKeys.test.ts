import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import {
  createActions,
  createKeyring,
  generateEd25519SigningKey,
  memoryEventStore,
  type ActionsOptions,
} from '../../../src/index.js';
import { expectNoSecret, spellings } from '../../support/canaries.js';
import { openActions, readAll, rejection } from '../../support/openActions.js';
import { ecPair } from '../../support/publicKeys.js';
import { clientCertificate } from '../../support/certificates.js';

const event = [{ type: 'order.placed', data: { note: 'content' } }];
const header = 'CANARY-HEADER-6125';

/** Every secret that a host passes to createActions, and each way to print it. */
function hostSecrets(master = Buffer.from('canary-of-the-keyring-0123456789')) {
  const ed25519 = generateEd25519SigningKey().privateKey;
  const jwt = generateKeyPairSync('ed25519').privateKey;
  const seed = Buffer.from(ed25519.slice('whsk_'.length), 'base64').subarray(0, 32);
  const { key: tlsKey } = clientCertificate;
  const options = {
    keyring: createKeyring({ activeKeyID: 'k', keys: { k: master } }),
    ed25519SigningKeys: [ed25519],
    jwtKeys: { activeKeyID: 'j', keys: { j: jwt } },
    tls: clientCertificate,
  } satisfies Partial<ActionsOptions>;
  const spelled = [
    ...[master, seed].flatMap((bytes) =>
      (['latin1', 'hex', 'base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding)),
    ),
    ed25519.slice('whsk_'.length),
    jwt.export({ format: 'jwk' }).d ?? '',
    tlsKey.split('\n')[2] ?? '',
  ];
  return { options, spelled };
}

describe('no key is told', () => {
  it('by lists, answers and inspected objects', async () => {
    const { options, spelled } = hostSecrets();
    const { actions, call, guarded, reports } = await openActions({ ...options, breaker: { failures: 1 } });
    const [target] = await call(
      { event: { all: true } },
      {
        type: 'requestResponse',
        payloadType: 'jwe',
        headers: { 'x-api-key': header },
        interruptOnError: true,
      },
    );
    if (!target) throw new Error('no target');
    const reader = ecPair();
    const { keys } = actions.targets;
    const shown: unknown[] = [await keys.add(target.id, { publicKey: reader.pem, keyID: 'reader' })];
    shown.push(await keys.activate(target.id, 'reader'), await keys.list(target.id));
    await guarded.append('order-1', event);
    expect(target.server.received[0]?.headers).to.include({ 'x-api-key': header });
    target.server.answer({ status: 500 });
    const errors = [
      await rejection(guarded.append('order-1', event)),
      await rejection(guarded.append('order-1', event)),
    ];
    expect(errors.map((error) => (error as { reason: string }).reason)).to.deep.equal([
      'status',
      'circuit-open',
    ]);
    const progress: unknown[] = [];
    shown.push(
      ...errors,
      ...reports,
      actions.health(),
      actions.explain({ event: 'order.placed' }),
      actions.jwks(),
      actions.verificationKeys(),
      actions.network.explain(target.server.url()),
      actions.catalogue(),
      await actions.targets.get(target.id),
      await actions.targets.list(),
      await actions.executions.list(),
      await actions.reencrypt({ onProgress: (told) => progress.push(told) }),
      await actions.rebuild(),
      ...progress,
      actions,
      actions.targets,
      keys,
    );
    expect(actions.health().breakers).to.have.length(1);
    const privateKey = reader.privateKey.export({ format: 'jwk' }).d ?? '';
    expectNoSecret(shown, [header, privateKey, ...spelled, ...spellings(target.signingKey)]);
  });

  it('by a rehearsal, which shows signatures', async () => {
    const { options, spelled } = hostSecrets();
    const { actions, call } = await openActions(options);
    const [target] = await call({ event: { all: true } }, { headers: { 'x-api-key': header } });
    const rehearsal = await actions.rehearse({ event: 'order.placed' }, { content: { note: 'content' } });
    expect(rehearsal.calls).to.have.length(1);
    expectNoSecret([rehearsal], [header, ...spelled, ...spellings(target?.signingKey ?? '')]);
  });

  it('by re-encryption of unreadable secrets, nor by the events that it stores', async () => {
    const { options, spelled } = hostSecrets();
    const first = await openActions({ keyring: 'plaintext' });
    const { id, signingKey } = await first.add({ headers: { 'x-api-key': header } });
    const { actions } = await openActions({ ...options, eventStore: first.store });
    const result = await actions.reencrypt();
    expect(result).to.include({ resealed: 2 });
    const stored = await readAll(first.store, `actions.target-default.${id}`);
    // Older events keep the secret in the clear; the new events are sealed.
    expect(JSON.stringify(stored[0]?.data)).to.contain(signingKey);
    expectNoSecret([result, ...stored.slice(1)], [header, ...spelled, ...spellings(signingKey)]);
    // Another key under the same id.
    const other = hostSecrets(Buffer.from('canary-of-another-keyring-012345'));
    const stranger = await openActions({ ...other.options, eventStore: first.store });
    const unreadable = await stranger.actions.reencrypt();
    expect(unreadable.unreadable).to.have.length(2);
    expectNoSecret(
      [unreadable, stranger.actions.health()],
      [header, ...spelled, ...other.spelled, ...spellings(signingKey)],
    );
  });

  it('by the errors of refused options', async () => {
    const secret = 'CANARY-OPTION-7719';
    const eventStore = memoryEventStore();
    const errors: unknown[] = [];
    const refused: readonly object[] = [
      { keyring: undefined, ed25519SigningKeys: [`whsk_${secret}`] },
      { ed25519SigningKeys: secret },
      { jwtKeys: { activeKeyID: 'j', keys: { j: secret } } },
      { proxy: { url: `socks://user:${secret}@proxy.example` } },
      { proxy: { url: `http://user:${secret}@proxy.example:port` } },
      { breaker: { failures: secret } },
      { network: { allow: [`http://user:${secret}@x.example`] } },
    ];
    for (const options of refused) errors.push(await rejection(createActions({ eventStore, ...options })));
    expect(errors.map((error) => (error as { code: string }).code)).to.deep.equal(
      errors.map(() => 'INVALID_ARGUMENT'),
    );
    expectNoSecret(errors, [secret]);
  });
});
