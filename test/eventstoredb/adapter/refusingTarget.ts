import { createActions, type Actions, type EventStore } from '../../../src/index.js';
import { targetServer } from '../../support/targetServer.js';

interface RefusingTarget extends AsyncDisposable {
  readonly actions: Actions;
  readonly targetID: string;
  /** The entry of the network policy that lets calls reach it. */
  readonly allowed: string;
}

/** Actions whose one target refuses every event whose data say `refused`. */
export async function refusingTarget(
  eventStore: EventStore,
  instanceID = 'default',
): Promise<RefusingTarget> {
  const server = await targetServer(({ body }) => {
    const { event_payload: payload } = JSON.parse(body) as { event_payload: { refused?: boolean } };
    return payload.refused === true ? { body: JSON.stringify({ forwardedStatusCode: 403 }) } : {};
  });
  const actions = await createActions({
    eventStore,
    instanceID,
    keyring: 'plaintext',
    network: { allow: [server.allow] },
  });
  const { id } = await actions.targets.add({
    name: 'policy',
    type: 'webhook',
    endpoint: server.url(),
    interruptOnError: true,
  });
  await actions.executions.set({ event: { all: true } }, [id]);
  return {
    actions,
    targetID: id,
    allowed: server.allow,
    async [Symbol.asyncDispose]() {
      await actions.close();
      await server.close();
    },
  };
}
