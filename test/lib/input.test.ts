import { expect } from 'chai';
import { openActions, rejection } from '../support/openActions.js';

/** The errors for wrong input, of functions that never write and of functions that do. */
async function answersOf() {
  const { actions } = await openActions();
  const wrong = { nonsense: true } as never;
  const thrown = (action: () => unknown): unknown => {
    try {
      return action();
    } catch (error) {
      return error;
    }
  };
  return {
    readers: [
      thrown(() => actions.explain(wrong)),
      thrown(() => actions.calls.list(wrong)),
      await rejection(actions.targets.list(wrong)),
      await rejection(actions.executions.list(wrong)),
    ],
    writers: [
      await rejection(actions.targets.add(wrong)),
      await rejection(actions.targets.change('some-target', wrong)),
      await rejection(actions.executions.set({ event: { all: true } }, wrong)),
    ],
  };
}

describe('the answer to wrong input', () => {
  it('says that nothing was written for operations that write, and for no others', async () => {
    const { readers, writers } = await answersOf();
    for (const error of [...readers, ...writers])
      expect(error).to.be.an('error').with.property('code', 'INVALID_ARGUMENT');
    for (const error of readers) expect((error as Error).message).not.to.contain('written');
    for (const error of writers) expect((error as Error).message).to.contain('nothing was written');
  });
});
