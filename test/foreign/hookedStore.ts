/**
 * Replaces Emmett's store in memory by the same store behind a hook, whose target is called for every event and
 * allows it.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { getInMemoryEventStore as Original } from '@event-driven-io/emmett';
import { createActions, memoryEventStore } from '../../src/index.js';
import { interceptEmmett } from '../../src/stores/emmett/index.js';

const { EMMETT_FOLDER: folder = '', EMMETT_CALLS: calls } = process.env;
const original = (await import(
  `file://${folder}/src/packages/emmett/src/eventStore/inMemoryEventStore.ts`
)) as {
  readonly getInMemoryEventStore: typeof Original;
  readonly InMemoryEventStoreDefaultStreamVersion: bigint;
};

const endpoint = createServer((request, response) => {
  request.resume().once('end', () => {
    if (calls !== undefined) appendFileSync(calls, '.');
    response.end();
  });
});
await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));

const actions = await createActions({
  eventStore: memoryEventStore(),
  keyring: 'plaintext',
  network: { allow: ['127.0.0.1/32'] },
});
const { id } = await actions.targets.add({
  name: 'every event',
  type: 'requestResponse',
  endpoint: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`,
  interruptOnError: true,
});
await actions.executions.set({ event: { all: true } }, [id]);

export const { InMemoryEventStoreDefaultStreamVersion } = original;

export const getInMemoryEventStore = (...given: Parameters<typeof Original>): ReturnType<typeof Original> =>
  interceptEmmett(original.getInMemoryEventStore(...given), actions);
