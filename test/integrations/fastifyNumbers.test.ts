import { expect } from 'chai';
import { fastify } from 'fastify';
import { openActions } from '../support/openActions.js';
import { serve } from './guardedFastify.js';
import { method } from './httpServer.js';
import { fastify4 } from './olderFrameworks.js';

for (const [framework, create] of [
  ['Fastify 5', fastify],
  ['Fastify 4', fastify4],
] as const)
  describe(`a response of ${framework} whose serialiser prints a BigInt`, () => {
    it('shows a number that JavaScript would round as the number is sent', async () => {
      const opened = await openActions();
      const [target] = await opened.call(
        { response: { method } },
        { type: 'requestResponse', interruptOnError: true },
      );
      const text = '{"total":12345678901234567890, "list":[9007199254740993,"a b"]}';
      const { send } = await serve(opened, create, (_q, r) => r.serializer(() => text).send({ any: 1 }));
      expect((await send()).text).to.equal(text);
      expect(target!.server.received[0]?.body).to.contain(
        '"response":{"total":12345678901234567890,"list":[9007199254740993,"a b"]}',
      );
    });
  });
