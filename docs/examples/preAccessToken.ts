/** The code of docs/guides/functions.md. Both sides run here: the application and the endpoint that it calls. */
// #region imports
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import {
  createActions,
  createKeyring,
  defineFunction,
  flowFunctions,
  memoryEventStore,
} from 'eventstore-actions';
// #endregion imports

// #region endpoint
const answers: Record<string, object> = {
  'function/shipping': { cost: 4 },
  'function/preaccesstoken': {
    append_claims: [
      { key: 'team', value: 'analysis' },
      { key: 'sub', value: 'another user' },
    ],
  },
};
const server = createServer(async (request, response) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const { function: name } = JSON.parse(Buffer.concat(chunks).toString()) as { function: string };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[name]));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
// #endregion endpoint

// #region define
const shipping = defineFunction({
  name: 'shipping',
  payload: z.object({ country: z.string(), weight: z.number() }),
  answer: z.strictObject({ cost: z.number().min(0).optional() }),
  apply: ({ weight }, answer) => answer?.cost ?? weight * 2,
});
// #endregion define

// #region open
const actions = await createActions({
  // In memory, so that each run starts empty. Use sqliteEventStore({ path }), fromEventStoreDB(client) or another store.
  eventStore: memoryEventStore(),
  functions: [shipping, ...Object.values(flowFunctions)],
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});
// #endregion open

// #region call
const cost = await actions.function(shipping, { country: 'CH', weight: 3 });
console.log(cost);
// #endregion call

// #region hook
const { id } = await actions.targets.add({ name: 'rules', type: 'requestResponse', endpoint });
await actions.executions.set({ function: { name: 'shipping' } }, [id]);
await actions.executions.set({ function: { name: 'preaccesstoken' } }, [id]);
console.log(await actions.function(shipping, { country: 'CH', weight: 3 }));
// #endregion hook

// #region claims
const { claims, metadata } = await actions.function(flowFunctions.preaccesstoken, {
  userinfo: { sub: 'user-1' },
});
console.log(JSON.stringify(claims), metadata.length);
// #endregion claims

// #region close
server.closeAllConnections();
server.close();
await actions.close();
// #endregion close
