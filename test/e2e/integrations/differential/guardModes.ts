import { createActions, memoryEventStore, type Actions, type AddTarget } from '../../../../src/index.js';
import { refusal } from '../../../support/answers.js';
import { targetServer, type Script } from '../../../support/targetServer.js';

export const method = '/orders.v1.OrderService/PlaceOrder';

/** How a route is guarded; each must answer as the bare one. */
export const guardModes = ['nothing matches', 'allowing', 'async', 'observed'] as const;
type GuardMode = (typeof guardModes)[number];

export interface Guards {
  readonly actions: Readonly<Record<GuardMode, Actions>>;
  close(): Promise<void>;
}

const targets: Readonly<
  Record<Exclude<GuardMode, 'nothing matches'>, Partial<AddTarget> & { readonly script: Script }>
> = {
  allowing: { type: 'requestResponse', interruptOnError: true, script: { delayMs: 2 } },
  async: { type: 'async', script: refusal(403) },
  observed: {
    type: 'requestResponse',
    interruptOnError: true,
    enforcement: 'observe',
    script: { ...refusal(403), delayMs: 2 },
  },
};

/** Actions for each mode, over endpoints on loopback. */
export async function openGuards(): Promise<Guards> {
  const closings: (() => Promise<unknown>)[] = [];
  const actions: Partial<Record<GuardMode, Actions>> = {};
  for (const mode of guardModes) {
    const opened = await createActions({
      eventStore: memoryEventStore(),
      keyring: 'plaintext',
      network: { allow: ['127.0.0.1/32'] },
    });
    actions[mode] = opened;
    closings.push(() => opened.close());
    if (mode === 'nothing matches') continue;
    const { script, ...settings } = targets[mode];
    const server = await targetServer(script);
    closings.push(() => server.close());
    await opened.network.change({ allow: [server.allow] });
    const { id } = await opened.targets.add({
      name: mode,
      type: 'webhook',
      ...settings,
      endpoint: server.url(),
    });
    for (const kind of ['request', 'response'] as const)
      await opened.executions.set({ [kind]: { method } } as { request: { method: string } }, [id]);
  }
  return {
    actions: actions as Record<GuardMode, Actions>,
    async close() {
      for (const close of closings) await close();
    },
  };
}
