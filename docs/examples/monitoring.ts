/** The code of docs/guides/monitoring.md: a readiness check, an audit log of calls, and the state of each target. */
// #region imports
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createActions,
  isActionsError,
  memoryEventStore,
  type Actions,
  type CallReport,
} from 'eventstore-actions';
// #endregion imports

// #region audit
/** One line of JSON for each call, on stderr. */
const audit = (call: CallReport): void => {
  console.error(JSON.stringify(call));
};
// #endregion audit

// #region open
const eventStore = memoryEventStore();
const actions = await createActions({
  eventStore,
  keyring: 'plaintext',
  network: { allow: ['127.0.0.1/32'] },
  onCall: audit,
  // The server below answers while the index is being built; appends wait for it.
  awaitReady: false,
});
// #endregion open

// #region readiness
/** Whether this process is ready for traffic, else the reason. */
function readiness({ health }: Actions): { status: number; body: object } {
  const { caughtUp, failure, lagMs, connected } = health();
  const isReady = caughtUp && failure === undefined;
  return { status: isReady ? 200 : 503, body: { caughtUp, connected, lagMs, failure } };
}

const monitoring = createServer((request, response) => {
  const { status, body } = request.url === '/readyz' ? readiness(actions) : { status: 404, body: {} };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
console.log(readiness(actions).status);
await new Promise<void>((resolve) => monitoring.listen(0, '127.0.0.1', resolve));
// #endregion readiness

// #region try
await actions.ready();
const { port } = monitoring.address() as AddressInfo;
console.log((await fetch(`http://127.0.0.1:${port}/readyz`)).status);

// An endpoint that fails, as after a forgotten rotation of its key.
const endpoint = createServer((_request, response) => response.writeHead(401).end());
await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
const { id } = await actions.targets.add({
  name: 'crm',
  type: 'webhook',
  endpoint: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`,
});
await actions.executions.set({ event: { group: 'order' } }, [id]);
const guarded = actions.intercept(eventStore);
await guarded.append('order-1', [{ type: 'order.placed', data: { total: 250 } }]);
await actions.targets.change(id, { interruptOnError: true });
try {
  await guarded.append('order-2', [{ type: 'order.placed', data: { total: 250 } }]);
} catch (error) {
  if (!isActionsError(error, 'TARGET_INTERRUPTED')) throw error;
  console.log(error.message);
}
// #endregion try

// #region targets
for (const { name, calls, failures, failuresInARow, lastFailure } of actions.health().targets)
  console.log(name, calls, failures, failuresInARow, lastFailure?.status);
// #endregion targets

// #region close
endpoint.close();
monitoring.close();
monitoring.closeAllConnections();
await actions.close();
// #endregion close
