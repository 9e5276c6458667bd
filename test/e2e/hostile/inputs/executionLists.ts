import { createActions, memoryEventStore } from '../../../../src/index.js';
import type { Actions } from '../../../../src/index.js';
import type { GrowingInput, GrowingInputs } from '../growing.js';

/** Sets one execution to a list of n entries; the command may refuse it. */
const list = (
  n: number,
  entriesOf: (target: string, n: number) => readonly unknown[],
  before: (actions: Actions, target: string) => Promise<void> = () => Promise.resolve(),
): GrowingInput => ({
  n,
  prepare: (size) => async () => {
    const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
    try {
      const { id } = await actions.targets.add({
        name: 'policy',
        type: 'webhook',
        endpoint: 'https://policy.example/',
      });
      await before(actions, id);
      await actions.executions.set(
        { event: { all: true } },
        entriesOf(id, size) as Parameters<Actions['executions']['set']>[1],
      );
    } finally {
      await actions.close();
    }
  },
});

export const inputs: GrowingInputs = {
  'a list of one target many times': list(100_000, (target, n) => Array.from({ length: n }, () => target)),
  'a list of targets that are not there': list(100_000, (_target, n) =>
    Array.from({ length: n }, (_, at) => `missing-${at}`),
  ),
  'a list of includes that are not there': list(50_000, (_target, n) =>
    Array.from({ length: n }, (_, at) => ({ include: { event: { event: `order.e${at}` } } })),
  ),
  'a list of what is no entry': list(100_000, (_target, n) => Array.from({ length: n }, (_, at) => ({ at }))),
  'one long name in a list': list(1_000_000, (_target, n) => ['a'.repeat(n)]),
};
