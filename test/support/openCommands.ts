import { randomBytes, randomUUID } from 'node:crypto';
import { createCommandHandler } from '../../src/commands/commandHandler.js';
import { createExecutionCommands } from '../../src/commands/executions.js';
import { createNameReservation } from '../../src/commands/nameReservation.js';
import { createTargetCommands } from '../../src/commands/targets.js';
import type { AddTarget } from '../../src/target/targetInput.js';
import { generateSigningKey } from '../../src/signing/signingKey.js';
import { plaintextKeyring } from '../../src/signing/keyring.js';
import type { Clock, EventStore, Keyring } from '../../src/ports.js';
import { createMemoryIndex } from '../../src/routing/memoryIndex.js';
import { instantClock } from './instantClock.js';

/** The commands of one process over a store: its index holds only what this process read or wrote. */
export function openCommands(
  store: EventStore,
  { clock = instantClock(), keyring = plaintextKeyring }: { clock?: Clock; keyring?: Keyring } = {},
) {
  const index = createMemoryIndex();
  const handler = createCommandHandler({
    store,
    clock,
    generateID: randomUUID,
    metadata: (instanceID) => ({ instanceID }),
    onRead: async (recorded) => {
      for (const event of recorded) index.apply(event, false);
    },
  });
  const instanceID = () => 'default';
  const targets = createTargetCommands({
    handler,
    names: createNameReservation(handler, clock),
    keyring,
    clock,
    instanceID,
    generateTargetID: randomUUID,
    generateSigningKey: () => generateSigningKey(randomBytes),
    hasJwtKeys: false,
    checkEndpoint: () => undefined,
    checkHeaders: () => undefined,
  });
  const executions = createExecutionCommands({
    handler,
    instanceID,
    index: (instance) => index.instance(instance),
    limits: { entries: 100, resolvedTargets: 1_000 },
  });
  return { targets, executions, index, handler };
}

export const aTarget = (name: string): AddTarget => ({
  name,
  type: 'webhook',
  endpoint: 'https://example.com/',
});

/** The number of events in each stream of this library. */
export async function countEvents(store: EventStore): Promise<number> {
  let count = 0;
  for await (const message of store.subscribe({
    prefixes: ['actions.'],
    signal: new AbortController().signal,
  })) {
    if ('caughtUp' in message) break;
    if ('stream' in message) count++;
  }
  return count;
}
