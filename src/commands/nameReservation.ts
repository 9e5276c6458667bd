import { createHash } from 'node:crypto';
import { pause } from '../lib/clock.js';
import { AlreadyExistsError } from '../errors.js';
import type { Clock } from '../ports.js';
import { target, targetStream, type Target } from '../target/target.js';
import { targetName, targetNameStream } from '../target/targetName.js';
import { targetAggregate, targetNameAggregate } from './aggregates.js';
import type { CommandHandler } from './commandHandler.js';
import { shownText } from '../lib/shown/shownText.js';

/**
 * The pauses before a reservation is taken over whose target does not exist yet. They spare a holder that is adding its
 * target at this moment; uniqueness does not depend on them. Milliseconds.
 */
const gracePausesMs = [20, 50, 100, 250];

const streamOfName = (instanceID: string, name: string): string =>
  targetNameStream(instanceID, createHash('sha256').update(name.toLowerCase()).digest('hex'));

/** Whether two names count as one name: case does not matter. */
export const isSameName = (left: string, right: string): boolean =>
  left.toLowerCase() === right.toLowerCase();

const holdsName = (state: Target, name: string): boolean =>
  state.status === 'active' && isSameName(state.name, name);

/** Keeps names unique in an instance (rule A4), also after a crash at any point. */
export interface NameReservation {
  /**
   * Reserves the name for a target that is about to take it. The caller must have read the target's version before, and
   * must reserve again whenever it decides again: then a takeover in between makes its append conflict.
   *
   * @throws {@link AlreadyExistsError} when another target has the name
   */
  reserve(instanceID: string, name: string, targetID: string): Promise<void>;
  /**
   * Releases a name that the target no longer has. Where a crash prevents the release, the next target that wants the
   * name takes it over.
   */
  release(instanceID: string, name: string, targetID: string): Promise<void>;
}

export function createNameReservation(handler: CommandHandler, clock: Clock): NameReservation {
  async function takeOver(instanceID: string, name: string, holder: string): Promise<void> {
    const stream = targetStream(instanceID, holder);
    const refuseIfHeld = (state: Target) => {
      if (holdsName(state, name))
        throw new AlreadyExistsError(
          `a target named ${shownText(name)} exists: ${holder}; names are unique regardless of case`,
        );
    };
    for (const milliseconds of gracePausesMs) {
      const { state } = await handler.load(targetAggregate, stream);
      refuseIfHeld(state);
      if (state.status === 'removed') return;
      await pause(clock, milliseconds);
    }
    // Fence the holder off: an append that it decided earlier now conflicts with the fence.
    await handler.handle(targetAggregate, stream, instanceID, (state) => {
      refuseIfHeld(state);
      return target.decide({ type: 'fence' }, state);
    });
  }

  return {
    async reserve(instanceID, name, targetID) {
      await handler.handle(targetNameAggregate, streamOfName(instanceID, name), instanceID, async (state) => {
        if (state.status === 'reserved' && state.target !== targetID)
          await takeOver(instanceID, name, state.target);
        return targetName.decide({ type: 'reserve', target: targetID }, state);
      });
    },

    async release(instanceID, name, targetID) {
      await handler.handle(targetNameAggregate, streamOfName(instanceID, name), instanceID, async (state) => {
        const { state: holder } = await handler.load(targetAggregate, targetStream(instanceID, targetID));
        return holdsName(holder, name) ? [] : targetName.decide({ type: 'release', target: targetID }, state);
      });
    },
  };
}
