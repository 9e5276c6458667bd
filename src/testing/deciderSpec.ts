import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { requireFunctions } from '../lib/reading/reading.js';
import { fold, type Decider } from '../decider.js';

/** The specification of a decider for a given history. */
export interface DeciderGiven<Command, Event> {
  /** Decides a command. */
  when(command: Command): DeciderOutcome<Event>;
}

/** The result of the command. */
export interface DeciderOutcome<Event> {
  /** Fails unless exactly these events were decided. */
  then(...expected: readonly Event[]): void;
  /** Fails where an event was decided. */
  thenNothing(): void;
  /** Fails unless the command throws; `check` inspects the error. */
  thenThrows(check: (error: unknown) => boolean | void): void;
}

function takeDecider<State, Command, Event>(
  given: Decider<State, Command, Event>,
): Decider<State, Command, Event> {
  const problem = 'a decider has the functions initialState, evolve and decide';
  requireFunctions(given, ['initialState', 'evolve', 'decide'], problem);
  return given;
}

/**
 * Given events, when a command comes, then these events follow: the words that specify a decider.
 *
 * @example `deciderSpec(target).given(added).when({ type: 'remove' }).then({ type: 'target.removed', data: {} })`
 */
export const deciderSpec = <State, Command, Event>(given: Decider<State, Command, Event>) => {
  const decider = takeDecider(given);
  return {
    given: (...events: readonly Event[]): DeciderGiven<Command, Event> => ({
      when(command) {
        const decide = () => decider.decide(command, fold(decider, events));
        return {
          then: (...expected) => {
            assert.deepEqual(decide(), expected);
          },
          thenNothing: () => {
            assert.deepEqual(decide(), []);
          },
          thenThrows: (check) => {
            let error: unknown;
            try {
              decide();
            } catch (thrown) {
              error = thrown;
            }
            assert.ok(error !== undefined, 'the command was accepted, but should have been refused');
            assert.ok(check(error) !== false, `refused, but otherwise than expected: ${inspect(error)}`);
          },
        };
      },
    }),
  };
};
