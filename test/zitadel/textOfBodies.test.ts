import { expect } from 'chai';
import { openService } from './openService.js';

const start = '{"name":"policy ';
const end = '","restWebhook":{},"timeout":"1s","endpoint":"https://policy.example/"}';

const texts: readonly (readonly [string, readonly number[]])[] = [
  ['a byte that begins no character', [0xff]],
  ['a character that is cut off', [0xe2, 0x82]],
  ['a longer form of a character', [0xc0, 0xaf]],
  ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
  ['a number beyond the last character', [0xf4, 0x90, 0x80, 0x80]],
];

const ways: readonly (readonly [string, string, string, boolean])[] = [
  ['REST', '/v2/actions/targets', 'application/json', false],
  ['Connect', '/zitadel.action.v2.ActionService/CreateTarget', 'application/json', false],
  ['gRPC-web', '/zitadel.action.v2.ActionService/CreateTarget', 'application/grpc-web+json', true],
];

function framed(body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

describe('a body of JSON whose bytes are not UTF-8', () => {
  for (const [way, path, contentType, isFramed] of ways)
    it(`is refused over ${way}, and nothing is written`, async () => {
      const { actions, h1 } = await openService();
      for (const [what, bytes] of texts) {
        const body = Buffer.concat([Buffer.from(start), Buffer.from(bytes), Buffer.from(end)]);
        const answer = await fetch(h1 + path, {
          method: 'POST',
          headers: { authorization: 'Bearer all', 'content-type': contentType },
          body: new Uint8Array(isFramed ? framed(body) : body),
        });
        const answered = await answer.text();
        expect(answered, what).to.include('ACTIONS-MalformedRequest');
        if (isFramed) expect(answered, what).to.match(/grpc-status: 3\b/);
        else expect(answer.status, what).to.equal(400);
      }
      expect((await actions.targets.list()).items).to.deep.equal([]);
    });
});
