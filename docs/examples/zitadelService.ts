// #region open
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createActions, eighteenDigitIDs, memoryEventStore } from 'eventstore-actions';
import { createActionServer, createActionService } from 'eventstore-actions/zitadel';

const actions = await createActions({
  eventStore: memoryEventStore(),
  keyring: 'plaintext',
  generateTargetID: eighteenDigitIDs(),
});
// #endregion open

// #region serve
const digest = (text: string) => createHash('sha256').update(text).digest();
const operator = digest(process.env['OPERATOR_TOKEN'] ?? 'a token for this example');

const service = createActionService(actions, {
  authenticate: (headers) => {
    const token = (headers.get('authorization') ?? '').replace('Bearer ', '');
    if (!timingSafeEqual(digest(token), operator)) return undefined;
    return { permissions: ['action.target.read', 'action.target.write'], userID: 'operator' };
  },
});
const { server, close } = createActionServer(service);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
// #endregion serve

// #region client
import { createClientFor } from '@zitadel/client';
import { createServerTransport } from '@zitadel/client/node';
import { ActionService } from '@zitadel/proto/zitadel/action/v2beta/action_service_pb.js';

const transport = createServerTransport('a token for this example', { baseUrl: `http://127.0.0.1:${port}` });
const client = createClientFor(ActionService)(transport);
const { id } = await client.createTarget({
  name: 'order policy',
  endpoint: 'https://policy.example/orders',
  targetType: { case: 'restCall', value: { interruptOnError: true } },
  timeout: { seconds: 2n, nanos: 0 },
});
const { target } = await client.getTarget({ id });
console.log(target?.name, target?.timeout?.seconds);
// #endregion client

// #region close
await close();
await actions.close();
// #endregion close
