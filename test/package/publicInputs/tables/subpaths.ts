import { getInMemoryEventStore } from '@event-driven-io/emmett';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import * as consolePage from '../../../../src/console/index.js';
import {
  createActions,
  createDeliveries,
  InvalidArgumentError,
  memoryDeliveryStore,
  memoryEventStore,
  type Actions,
} from '../../../../src/index.js';
import * as connect from '../../../../src/integrations/connect/index.js';
import * as express from '../../../../src/integrations/express/index.js';
import * as fastify from '../../../../src/integrations/fastify/index.js';
import * as grpc from '../../../../src/integrations/grpc/index.js';
import * as receiver from '../../../../src/receiver/index.js';
import * as emmett from '../../../../src/stores/emmett/index.js';
import * as eventstoredb from '../../../../src/stores/eventStoreDB/index.js';
import * as sqlite from '../../../../src/stores/sqlite/index.js';
import * as zitadel from '../../../../src/zitadel/index.js';
import { startDouble } from '../../../eventstoredb/double/startDouble.js';
import { loadOrders } from '../../../integrations/loadOrders.js';
import { drawKey, now, requestBody, signedCall } from '../../../receiver/support.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { closeAfterTest } from '../../../support/closings.js';
import { call } from '../call.js';
import { fromClientRow, interceptRow, storeRows } from './storeRows.js';
import type { Rows, Scene } from '../row.js';

const none = () => Promise.resolve(0);
const openActions = () => createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });

export const openReceiver = (): Promise<Scene> => {
  const key = drawKey();
  const options = { signingKeys: [key], now: () => now };
  const read = receiver.createReceiver(options);
  const seen = receiver.memorySeenStore();
  return Promise.resolve({
    rows: {
      createReceiver: call(
        receiver.createReceiver,
        [
          {
            signingKeys: [key],
            toleranceSeconds: 300,
            jwks: { keys: [] },
            decryptionKeys: {},
            seen,
            rememberSeconds: 86_400,
            maximumBytes: 1_000,
            now: () => now,
          },
        ],
        {
          open: [
            [0, 'jwks'],
            [0, 'decryptionKeys'],
          ],
          whole: [[0, 'seen']],
        },
      ),
      'receiver.read': call(read.read, [signedCall([key], requestBody)], { open: [[0]] }),
      allow: call(receiver.allow, []),
      amend: call(receiver.amend, [{ total: 1 }], { open: [[0]] }),
      refuse: call(receiver.refuse, [403, 'not yours']),
      memorySeenStore: call(receiver.memorySeenStore, [{ maximum: 10, now: () => 1 }]),
      'seen.add': call(seen.add, ['a', 10]),
      isActionsError: call(receiver.isActionsError, [new Error('a'), 'INVALID_ARGUMENT'], {
        lenient: [[0], [1]],
      }),
    },
    made: {},
    isPure: true,
    effects: none,
  });
};

export async function openSQLite(): Promise<Scene> {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  const store = sqlite.sqliteEventStore({ path: folder.file('events.db'), synchronous: 'NORMAL' });
  closeAfterTest(() => store.close());
  let files = 0;
  const file = () => folder.file(`${(files += 1)}.db`);
  return {
    rows: {
      sqliteEventStore: call(sqlite.sqliteEventStore, [
        { path: file(), synchronous: 'NORMAL', now: Date.now, generateID: () => 'a' },
      ]),
      sqliteIndexStore: call(sqlite.sqliteIndexStore, [{ path: file() }]),
      sqliteDeliveryStore: call(sqlite.sqliteDeliveryStore, [{ path: file() }]),
      ...storeRows(store),
    },
    made: { store },
    effects: async () => Number(await store.head()),
  };
}

export async function openEventStoreDB(): Promise<Scene> {
  const double = await startDouble();
  const client = EventStoreDBClient.connectionString(double.connectionString);
  closeAfterTest(async () => {
    await client.dispose();
    await double.close();
  });
  const actions = await openActions();
  closeAfterTest(() => actions.close());
  const store = eventstoredb.fromEventStoreDB(client);
  closeAfterTest(() => store.close());
  return {
    rows: {
      interceptClient: interceptRow(eventstoredb.interceptClient, client, actions),
      'interceptClient(client).appendToStream': call(
        eventstoredb.interceptClient(client, actions).appendToStream,
        ['order-1', [jsonEvent({ type: 'a', data: { a: 1 } })], { expectedRevision: 'any' }],
        { open: [[1, 0], [2]], lenient: [[0], [1]], isForeign: true },
      ),
      fromEventStoreDB: fromClientRow(eventstoredb.fromEventStoreDB, client),
      ...storeRows(store),
    },
    // Reading from the server after each of a thousand tries would reset more streams than Node allows in one session.
    made: {},
    effects: none,
  };
}

export async function openEmmett(): Promise<Scene> {
  const actions = await openActions();
  closeAfterTest(() => actions.close());
  const store = getInMemoryEventStore();
  const guarded = emmett.interceptEmmett(store, actions);
  return {
    rows: {
      interceptEmmett: call(emmett.interceptEmmett, [store, actions], { whole: [[0], [1]] }),
      'interceptEmmett(store).appendToStream': call(
        guarded.appendToStream,
        ['order-1', [{ type: 'a', data: { a: 1 } }], {}],
        { open: [[1, 0], [2]], lenient: [[0], [1]], isForeign: true },
      ),
    },
    made: {},
    effects: none,
  };
}

async function openEdge(rowsOf: (actions: Actions) => Rows): Promise<Scene> {
  const actions = await openActions();
  closeAfterTest(() => actions.close());
  return { rows: rowsOf(actions), made: {}, effects: none };
}

const reply = { code: () => reply, type: () => reply, send: () => undefined };
const options = { caller: () => ({}), registry: undefined };

export const openExpress = (): Promise<Scene> =>
  openEdge((actions) => ({
    expressActions: call(
      express.expressActions,
      [actions, { method: '/orders.v1.OrderService/PlaceOrder', caller: () => ({}) }],
      { whole: [[0]] },
    ),
    actionsProblems: call(
      express.actionsProblems,
      [new Error('a'), {}, { headersSent: true }, () => undefined],
      { fixed: [1, 2, 3], lenient: [[0]] },
    ),
  }));

export const openFastify = (): Promise<Scene> =>
  openEdge((actions) => ({
    fastifyActions: call(
      fastify.fastifyActions,
      [{ addHook: () => undefined }, { actions, caller: () => ({}) }, () => undefined],
      { fixed: [0, 2], whole: [[1, 'actions']] },
    ),
    actionsProblems: call(
      fastify.actionsProblems,
      [new InvalidArgumentError('a'), { log: { info: () => undefined } }, reply],
      {
        // The error of a handler passes unchanged.
        fixed: [0, 1, 2],
      },
    ),
  }));

export const openGrpc = (): Promise<Scene> =>
  openEdge((actions) => ({
    guardService: call(
      grpc.guardService,
      [loadOrders().service, { placeOrder: () => undefined }, actions, options],
      { open: [[1]], whole: [[0], [2]] },
    ),
  }));

export const openConnect = (): Promise<Scene> =>
  openEdge((actions) => ({
    actionsInterceptor: call(connect.actionsInterceptor, [actions, options], { whole: [[0]] }),
  }));

export async function openZitadel(): Promise<Scene> {
  const actions = await openActions();
  closeAfterTest(() => actions.close());
  const service = zitadel.createActionService(actions, { authenticate: () => undefined });
  return {
    rows: {
      createActionService: call(
        zitadel.createActionService,
        [actions, { authenticate: () => undefined, corsOrigins: ['https://console.example'] }],
        { whole: [[0]] },
      ),
      createActionServer: call(zitadel.createActionServer, [service, {}], { whole: [[0]] }),
    },
    made: {},
    effects: none,
  };
}

export async function openConsole(): Promise<Scene> {
  const actions = await openActions();
  closeAfterTest(() => actions.close());
  const deliveries = createDeliveries({ actions, store: memoryDeliveryStore() });
  return {
    rows: {
      createConsole: call(
        consolePage.createConsole,
        [actions, { authenticate: () => undefined, deliveries, basePath: '/console' }],
        { whole: [[0], [1, 'deliveries']] },
      ),
    },
    made: {},
    effects: none,
  };
}
