import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { createReceiver } from '../../src/receiver/receiver.js';
import { createJwtKeys } from '../../src/signing/jwtKeys.js';
import { drawKey, now, requestBody, signedCall } from './support.js';

const hourMs = 3_600_000;
const keysOf = (keyID: string) =>
  createJwtKeys({
    activeKeyID: keyID,
    keys: { [keyID]: generateKeyPairSync('ed25519').privateKey },
  });

describe('a receiver whose time of day is set back by an hour', () => {
  it('fetches the keys of the sender again for a new kid', async () => {
    const key = drawKey();
    const old = keysOf('old');
    const next = keysOf('next');
    let time = now;
    let published = old.jwks();
    let asked = 0;
    const receiver = createReceiver({
      signingKeys: [key],
      now: () => time,
      jwks: () => {
        asked += 1;
        return published;
      },
    });
    await receiver.read(signedCall([key], await old.sign(requestBody)));
    time -= hourMs;
    published = next.jwks();
    const call = signedCall([key], await next.sign(requestBody), { id: 'msg_2', at: time });
    expect(await receiver.read(call)).to.have.property('payloadType', 'jwt');
    expect(asked).to.equal(2);
  });
});
