import { InvalidArgumentError } from '../../errors.js';
import { pause } from '../../lib/clock.js';
import type { ActionsAccess } from '../context/actionsAccess.js';
import { partitionCount, type DeliveryStore } from '../store/deliveryStore.js';
import { Presence } from '../worker/presence.js';

const presencePollMs = 200;

/** Makes all partitions begin again after a position. Refused while a worker of the group lives. */
export function createReset(
  access: ActionsAccess,
  store: DeliveryStore,
): (position: bigint) => Promise<void> {
  const numbers = Array.from({ length: partitionCount }, (_, number) => number);

  async function assertNobodyWorks(): Promise<void> {
    const presence = new Presence(store.timing.leaseMs);
    const beats = new Map<string, number>();
    for (;;) {
      const workers = await store.workers();
      const alive = presence.alive(workers, access.clock.elapsed());
      if (alive.size === 0) return;
      // A worker without a new beat for the length of a lease is gone.
      if (workers.some(({ id, beat }) => alive.has(id) && (beats.get(id) ?? beat) !== beat))
        throw new InvalidArgumentError(
          `${alive.size} worker${alive.size === 1 ? ' is' : 's are'} alive: stop them first; nothing was changed`,
        );
      for (const { id, beat } of workers) beats.set(id, beat);
      await pause(access.clock, presencePollMs);
    }
  }

  return async (position) => {
    if (typeof position !== 'bigint' || position < 0n)
      throw new InvalidArgumentError('resetTo takes a position, a bigint of at least 0n');
    await assertNobodyWorks();
    const leases = new Map((await store.partitions()).map((lease) => [lease.partition, lease]));
    const workerID = `reset-${access.generateID()}`;
    for (const partition of numbers) {
      const { epoch = 0n } = leases.get(partition) ?? {};
      const claimed = await store.claim({ partition, workerID, epoch });
      if (!claimed)
        throw new InvalidArgumentError('a worker has started meanwhile: stop it, and reset again');
      const { cursors = [], lanes = [] } = claimed.state ?? {};
      // Move cursors that began at another position here too.
      const begun = cursors.filter(({ origin, replay }) => origin !== '' && replay === '');
      await store.commit({
        partition,
        workerID,
        epoch: claimed.epoch,
        parked: [],
        removed: [],
        answered: [],
        failures: [],
        change: {
          position,
          putCursors: begun.map((row) => ({ ...row, position: null, stop: '', reason: '' })),
          removeCursors: cursors,
          putLanes: [],
          removeLanes: lanes,
        },
      });
      await store.release({ partition, workerID, epoch: claimed.epoch });
    }
  };
}
