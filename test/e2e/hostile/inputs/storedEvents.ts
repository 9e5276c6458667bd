import { createActions, memoryEventStore } from '../../../../src/index.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

const stored = (
  n: number,
  eventOf: (at: number) => { readonly stream: string; readonly type: string; readonly data: object },
): GrowingInput => ({
  n,
  prepare: (size) => async () => {
    const eventStore = memoryEventStore();
    for (let at = 0; at < size; at += 1) {
      const { stream, ...event } = eventOf(at);
      await eventStore.append(stream, [event as never]);
    }
    const actions = await createActions({ eventStore, keyring: 'plaintext' });
    await actions.ready();
    await actions.executions.list();
    actions.health();
    await actions.close();
  },
});

export const inputs: GrowingInputs = {
  'streams of ours with what is no event of ours': stored(2_000, (at) => ({
    stream: `actions.target-default.t${at}`,
    type: 'actions.target.added',
    data: { wrong: at },
  })),
  'one stream of ours that goes on and on': stored(3_000, () => ({
    stream: 'actions.execution-default.event',
    type: 'actions.execution.set',
    data: {},
  })),
  'streams of many instances': stored(2_000, (at) => ({
    stream: `actions.execution-i${at}.event`,
    type: 'actions.execution.set',
    data: { entries: [] },
  })),
};
