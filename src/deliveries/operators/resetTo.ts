import { counted } from '../../lib/shown/figures.js';
import { InvalidArgumentError } from '../../errors.js';
import { pause } from '../../lib/clock.js';
import type { ActionsAccess } from '../context/actionsAccess.js';
import { partitions, type DeliveryStore } from '../store/deliveryStore.js';
import { Presence } from '../worker/presence.js';
import { shownValue } from '../../lib/reading/shownValue.js';

const presencePollMs = 200;

/** Makes all partitions begin again after a position. Refused while a worker of the group lives. */
export function createReset(
  access: ActionsAccess,
  store: DeliveryStore,
): (position: bigint) => Promise<void> {
  async function assertNoWorker(): Promise<void> {
    const presence = new Presence(store.timing.leaseMs);
    const beats = new Map<string, number>();
    for (;;) {
      const workers = await store.workers();
      const alive = presence.alive(workers, access.clock.elapsed());
      if (alive.size === 0) return;
      // A worker without a new beat for the length of a lease is gone.
      if (workers.some(({ id, beat }) => alive.has(id) && (beats.get(id) ?? beat) !== beat))
        throw new InvalidArgumentError(
          `${counted(alive.size, 'live worker')} would go on from the old position: stop each worker first; nothing was changed`,
        );
      for (const { id, beat } of workers) beats.set(id, beat);
      await pause(access.clock, presencePollMs);
    }
  }

  return async (position) => {
    if (typeof position !== 'bigint' || position < 0n)
      throw new InvalidArgumentError(
        `resetTo takes a position, a bigint of at least 0n, not ${shownValue(position)}; nothing was changed`,
      );
    await assertNoWorker();
    const leases = new Map((await store.partitions()).map((lease) => [lease.partition, lease]));
    const workerID = `reset-${access.generateID()}`;
    for (const partition of partitions) {
      const { epoch = 0n } = leases.get(partition) ?? {};
      const claimed = await store.claim({ partition, workerID, epoch });
      if (!claimed)
        throw new InvalidArgumentError(
          `a worker started meanwhile and owns partition ${partition}, and the partitions before it begin again after ` +
            `${position} already: stop the worker, and reset again`,
        );
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
