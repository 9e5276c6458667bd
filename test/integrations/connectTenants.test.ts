import { expect } from 'chai';
import { json, refusal } from '../support/answers.js';
import { openActions } from '../support/openActions.js';
import type { Script } from '../support/targetServer.js';
import { openConnect, protocols } from './connectServer.js';
import { method } from './httpServer.js';

/** Sends the order back with a mark of the tenant. */
const marking: Script = ({ body }) => {
  const { request } = JSON.parse(body) as { readonly request: { readonly item: string } };
  return json({ ...request, item: `${request.item} seen by b` });
};
const count = 20;

for (const protocol of protocols)
  describe(`two tenants over ${protocol}`, () => {
    it('see nothing of each other, though both call at once and the target of one is hostile', async () => {
      const { actions, call, reports } = await openActions();
      const enforced = { type: 'requestResponse', interruptOnError: true } as const;
      const [ofA] = await actions.runAs({ instanceID: 'a' }, () =>
        call({ request: { method } }, { ...enforced, script: { delayMs: 20, ...refusal(403, 'of a') } }),
      );
      const [ofB] = await actions.runAs({ instanceID: 'b' }, () =>
        call({ request: { method } }, { ...enforced, script: marking }),
      );
      const handled: string[] = [];
      const handlers = {
        placeOrder: ({ item }: { readonly item: string }) => {
          handled.push(item);
          return Promise.resolve({ orderId: item });
        },
      };
      const client = await openConnect(actions, handlers, protocol);
      const answers = await Promise.all(
        Array.from({ length: 2 * count }, (_, each) => {
          const tenant = each % 2 === 0 ? 'a' : 'b';
          const item = `secret of ${tenant} ${each}`;
          return client.placeOrder({ item }, { headers: { 'x-instance': tenant } }).then(
            ({ orderId }) => orderId,
            (error: unknown) => String(error),
          );
        }),
      );
      for (const [each, answer] of answers.entries())
        if (each % 2 === 0) expect(answer).to.include('of a').and.not.include('secret');
        else expect(answer).to.equal(`secret of b ${each} seen by b`);
      for (const [target, other] of [
        [ofA, 'secret of b'],
        [ofB, 'secret of a'],
      ] as const) {
        expect(target?.server.received).to.have.lengthOf(count);
        expect(JSON.stringify(target?.server.received)).not.to.include(other);
      }
      expect(handled.filter((item) => item.includes('secret of a'))).to.deep.equal([]);
      expect(reports).to.have.lengthOf(2 * count);
      for (const { instanceID, targetID } of reports)
        expect(targetID).to.equal(instanceID === 'a' ? ofA?.id : ofB?.id);
    });
  });
