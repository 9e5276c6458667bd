import type { AsyncCalls } from '../../../src/firing/pacing/asyncCalls.js';

/** Starts a call; `undefined` where it is dropped at once. */
export function startOf(calls: AsyncCalls) {
  return (
    run: () => Promise<void>,
    targetID = 'target',
    instanceID = 'default',
  ): Promise<void> | undefined => {
    const state = { isDropped: false };
    const ended = calls.start({
      instanceID,
      targetID,
      bytes: 0,
      run,
      dropped: () => {
        state.isDropped = true;
      },
    });
    return state.isDropped ? undefined : ended;
  };
}
