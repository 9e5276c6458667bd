import { expect } from 'chai';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { InvalidArgumentError, SecretUnreadableError } from '../../src/errors.js';
import {
  createKeyring,
  isSealedUnderActiveKey,
  plaintextKeyring,
  reseal,
} from '../../src/signing/keyring.js';
import type { SealedSecret } from '../../src/ports.js';

const k1 = Buffer.alloc(32, 1);
const k2 = Buffer.alloc(32, 2);
const context = 'actions.target-default.1/signingKey/1';

const changeByte = (sealed: SealedSecret, at: number): SealedSecret => {
  const bytes = Buffer.from(sealed.value, 'base64');
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return { ...sealed, value: bytes.toString('base64') };
};

describe('keyring', () => {
  const keyring = createKeyring({ activeKeyID: 'k1', keys: { k1 } });

  it('decrypts every text that it encrypted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (secret, place) => {
        const sealed = keyring.seal(secret, place);
        expect(sealed).to.include({ algorithm: 'aes-256-gcm', keyID: 'k1' });
        expect(keyring.open(JSON.parse(JSON.stringify(sealed)) as SealedSecret, place)).to.equal(secret);
      }),
    );
  });

  it('takes a key as bytes or as standard base64', () => {
    const other = createKeyring({ activeKeyID: 'k1', keys: { k1: `${k1.toString('base64')}\n` } });
    expect(other.open(keyring.seal('secret', context), context)).to.equal('secret');
  });

  it('draws a nonce for every secret', () => {
    const drawn: number[] = [];
    const counted = createKeyring({
      activeKeyID: 'k1',
      keys: { k1 },
      randomBytes: (size) => {
        drawn.push(size);
        return randomBytes(size);
      },
    });
    const sealed = Array.from({ length: 100 }, () => counted.seal('secret', context).value);
    expect(drawn).to.deep.equal(Array.from({ length: 100 }, () => 12));
    expect(new Set(sealed)).to.have.property('size', 100);
  });

  it('refuses a generator that returns too little', () => {
    const broken = createKeyring({ activeKeyID: 'k1', keys: { k1 }, randomBytes: () => new Uint8Array(4) });
    expect(() => broken.seal('secret', context)).to.throw(InvalidArgumentError);
  });

  it('refuses a secret that was changed anywhere, shortened, or moved to another place', () => {
    const sealed = keyring.seal('secret', context);
    const length = Buffer.from(sealed.value, 'base64').length;
    for (let at = 0; at < length; at += 1)
      expect(() => keyring.open(changeByte(sealed, at), context), `byte ${at}`).to.throw(
        SecretUnreadableError,
      );
    for (const value of ['', 'AAAA', sealed.value.slice(0, -8), 'not base64 !'])
      expect(() => keyring.open({ ...sealed, value }, context)).to.throw(SecretUnreadableError);
    expect(() => keyring.open(sealed, 'actions.target-default.2/signingKey/1')).to.throw(
      SecretUnreadableError,
    );
  });

  it('names the missing key and says what to do', () => {
    const sealed = createKeyring({ activeKeyID: 'k2', keys: { k2 } }).seal('secret', context);
    expect(() => keyring.open(sealed, context)).to.throw(SecretUnreadableError, /"k2".*add that key/);
    const withoutID: SealedSecret = { algorithm: 'aes-256-gcm', value: sealed.value };
    expect(() => keyring.open(withoutID, context)).to.throw(SecretUnreadableError);
    const wrongBytes = createKeyring({ activeKeyID: 'k2', keys: { k2: k1 } });
    expect(() => wrongBytes.open(sealed, context)).to.throw(SecretUnreadableError, /"k2".*another key/);
  });

  const refused: readonly [string, Parameters<typeof createKeyring>[0]][] = [
    ['an active id without a key', { activeKeyID: 'k9', keys: { k1 } }],
    ['an active id that every object has', { activeKeyID: 'toString', keys: { k1 } }],
    ['no key at all', { activeKeyID: 'k1', keys: {} }],
    ['31 bytes', { activeKeyID: 'k1', keys: { k1: Buffer.alloc(31) } }],
    ['33 bytes', { activeKeyID: 'k1', keys: { k1: Buffer.alloc(33) } }],
    ['base64 of 16 bytes', { activeKeyID: 'k1', keys: { k1: Buffer.alloc(16).toString('base64') } }],
    ['a password', { activeKeyID: 'k1', keys: { k1: 'correct horse battery staple' } }],
    ['base64url', { activeKeyID: 'k1', keys: { k1: Buffer.alloc(32, 0xff).toString('base64url') } }],
    ['a number', { activeKeyID: 'k1', keys: { k1: 32 as unknown as string } }],
    ['an empty id', { activeKeyID: '', keys: { '': k1 } }],
    ['an id with a line break', { activeKeyID: 'k1', keys: { k1, 'k\n2': k2 } }],
    ['a wrong key that is not active', { activeKeyID: 'k1', keys: { k1, k2: 'short' } }],
  ];
  for (const [name, options] of refused)
    it(`refuses ${name}`, () => expect(() => createKeyring(options)).to.throw(InvalidArgumentError));

  it('moves from one key to the next: both keys open, the new key seals, then the old key can go', () => {
    const both = createKeyring({ activeKeyID: 'k2', keys: { k1, k2 } });
    const sealed = keyring.seal('secret', context);
    expect(both.open(sealed, context)).to.equal('secret');
    const moved = reseal(both, sealed, context);
    expect(moved.keyID).to.equal('k2');
    expect(reseal(both, moved, context)).to.equal(moved);
    expect(createKeyring({ activeKeyID: 'k2', keys: { k2 } }).open(moved, context)).to.equal('secret');
  });

  it('moves from plaintext to encryption', () => {
    const stored = plaintextKeyring.seal('secret', context);
    expect(stored).to.deep.equal({ algorithm: 'plaintext', value: 'secret' });
    expect(keyring.open(stored, context)).to.equal('secret');
    const moved = reseal(keyring, stored, context);
    expect(moved.value).not.to.contain('secret');
    expect(keyring.open(moved, context)).to.equal('secret');
    expect(isSealedUnderActiveKey(plaintextKeyring, stored)).to.equal(true);
    expect(isSealedUnderActiveKey(keyring, stored)).to.equal(false);
  });

  it('of plaintext opens no encrypted secret', () => {
    expect(plaintextKeyring.open(plaintextKeyring.seal('secret', context), context)).to.equal('secret');
    expect(() => plaintextKeyring.open(keyring.seal('secret', context), context)).to.throw(
      SecretUnreadableError,
      /"k1"/,
    );
    expect(() => reseal(plaintextKeyring, keyring.seal('secret', context), context)).to.throw(
      SecretUnreadableError,
    );
  });

  it('shows no key and no secret in an error, inspect or JSON', () => {
    const canary = Buffer.from('canary-canary-canary-canary-0001');
    const forms = [canary.toString('latin1'), canary.toString('base64'), canary.toString('hex')];
    const secret = 'whsec_canary-secret';
    const guarded = createKeyring({ activeKeyID: 'k1', keys: { k1: canary } });
    const sealed = guarded.seal(secret, context);
    const outputs = [
      inspect(guarded, { depth: 9, showHidden: true }),
      JSON.stringify(guarded),
      guarded.activeKeyID,
    ];
    const failures: readonly (() => unknown)[] = [
      () => createKeyring({ activeKeyID: 'k2', keys: { k1: canary } }),
      () => createKeyring({ activeKeyID: 'k1', keys: { k1: `${canary.toString('base64')}!` } }),
      () => guarded.open(changeByte(sealed, 20), context),
      () => guarded.open({ ...sealed, keyID: 'gone' }, context),
    ];
    for (const fail of failures) {
      try {
        fail();
        expect.fail('did not throw');
      } catch (error) {
        outputs.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error));
      }
    }
    for (const output of [...outputs, sealed.value])
      for (const form of [...forms, secret, canary.toString('base64').slice(0, 20)])
        expect(output).not.to.contain(form);
  });
});
