import { expect } from 'chai';
import { openService } from './openService.js';

const target = '"restWebhook":{},"timeout":"1s"';
const bodies: readonly (readonly [string, string])[] = [
  ['a field', `{"name":"a",${target},"endpoint":"https://a.example/","endpoint":"https://b.example/"}`],
  ['an equal field', `{"name":"a","name":"a",${target},"endpoint":"https://a.example/"}`],
  [
    'a field that an escape spells',
    `{"name":"a","n\\u0061me":"b",${target},"endpoint":"https://a.example/"}`,
  ],
  [
    'a nested field',
    `{"name":"a","restWebhook":{"interruptOnError":true,"interruptOnError":false},"timeout":"1s","endpoint":"https://a.example/"}`,
  ],
  ['a field that there is not', `{"name":"a",${target},"endpoint":"https://a.example/","x":1,"x":2}`],
  [
    'a field far inside of one that there is not',
    `{"name":"a",${target},"endpoint":"https://a.example/","x":[[{"y":1,"y":1}]]}`,
  ],
];

const ways: readonly (readonly [string, string, string, (body: string) => Uint8Array])[] = [
  ['REST', '/v2/actions/targets', 'application/json', Buffer.from],
  ['Connect', '/zitadel.action.v2.ActionService/CreateTarget', 'application/json', Buffer.from],
  [
    'gRPC-web',
    '/zitadel.action.v2.ActionService/CreateTarget',
    'application/grpc-web+json',
    (body) => {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(Buffer.byteLength(body), 1);
      return Buffer.concat([head, Buffer.from(body)]);
    },
  ],
];

const spelled: readonly (readonly [string, string])[] = [
  ['a field', `{"name":"a","rest_webhook":{},${target},"endpoint":"https://a.example/"}`],
  [
    'a field that an escape spells',
    `{"name":"a","rest\\u005fwebhook":{},${target},"endpoint":"https://a.example/"}`,
  ],
  [
    'a nested field',
    '{"name":"a","restWebhook":{"interruptOnError":false,"interrupt_on_error":true},"timeout":"1s","endpoint":"https://a.example/"}',
  ],
  [
    'a field that is null once',
    '{"name":"a","restWebhook":{"interruptOnError":null,"interrupt_on_error":true},"timeout":"1s","endpoint":"https://a.example/"}',
  ],
];

describe('a body of JSON with the same name twice in one object', () => {
  for (const [way, path, contentType, encoded] of ways) {
    const send = (h1: string, body: string) =>
      fetch(h1 + path, {
        method: 'POST',
        headers: { authorization: 'Bearer all', 'content-type': contentType },
        body: new Uint8Array(encoded(body)),
      });

    it(`is refused over ${way}, and nothing is written`, async () => {
      const { actions, h1 } = await openService();
      for (const [what, body] of bodies) {
        const answer = await send(h1, body);
        expect(await answer.text(), what).to.include('ACTIONS-MalformedRequest');
      }
      expect((await actions.targets.list()).items).to.deep.equal([]);
    });

    it(`is refused over ${way} where one field has both of its names, and nothing is written`, async () => {
      const { actions, h1 } = await openService();
      for (const [what, body] of spelled) {
        const answer = await send(h1, body);
        expect(await answer.text(), what).to.include('ACTIONS-MalformedRequest');
      }
      expect((await actions.targets.list()).items).to.deep.equal([]);
      const apart = `{"name":"a","rest_webhook":{"interruptOnError":true},"timeout":"1s","endpoint":"https://a.example/","x":[{"a_b":1},{"aB":2}]}`;
      expect((await send(h1, apart)).status).to.equal(200);
    });

    it(`is accepted over ${way} where two objects each have a field of the same name, or a text looks like such an object`, async () => {
      const { actions, h1 } = await openService();
      const name = '{"a":1,"a":2}';
      const body = `{"name":${JSON.stringify(name)},${target},"endpoint":"https://a.example/","x":[{"y":1},{"y":1}]}`;
      expect((await send(h1, body)).status).to.equal(200);
      const { items } = await actions.targets.list();
      expect(items.map((each) => each.name)).to.deep.equal([name]);
    });
  }
});
