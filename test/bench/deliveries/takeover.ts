import { partitionOf } from '../../../src/deliveries/policy/partitionOf.js';
import { addTarget, closePlaces, data, openPlaces, until, withFolder } from './places.js';
import { machineMs, startReceiver } from './receiver.js';
import { startWorkerProcess } from './workerProcess.js';

const leaseMs = 10_000;
const streams = 64;

/**
 * Time from a signal to one of two workers until the other worker has sent an event of each partition of the first.
 * Milliseconds.
 */
async function takeover(
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<{ readonly first: number; readonly all: number }> {
  return withFolder(async (folder) => {
    await using receiver = await startReceiver();
    const places = await openPlaces(folder, receiver.port);
    await addTarget(places, receiver.port, ['later']);
    await using victim = await startWorkerProcess(folder, receiver.port, { leaseMs });
    await using other = await startWorkerProcess(folder, receiver.port, { leaseMs });
    const over = new AbortController();
    const writing = (async () => {
      for (let place = 0; !over.signal.aborted; place++) {
        await places.events.append(`order-${place % streams}`, [{ type: 'order.placed', data }]);
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
    })();
    try {
      await until('an even share of the partitions', 60, async () => {
        const owned = await Promise.all([victim.partitions(), other.partitions()]);
        return owned.every(({ length }) => length === 8);
      });
      const had = new Set(await victim.partitions());
      await until('the first deliveries', 20, async () => (await receiver.taken()) > 200);
      const at = machineMs();
      victim.child.kill(signal);
      // The calls that the killed worker had written to its sockets arrive at once.
      await new Promise((resolve) => setTimeout(resolve, 30));
      await receiver.arrivals();
      const since = new Map<number, number>();
      await until('the other worker', leaseMs / 1_000 + 30, async () => {
        for (const [stream, arrivedAt] of await receiver.arrivals()) {
          const partition = partitionOf(stream);
          if (had.has(partition) && !since.has(partition)) since.set(partition, arrivedAt - at);
        }
        return since.size === had.size;
      });
      const times = [...since.values()];
      return { first: Math.min(...times), all: Math.max(...times) };
    } finally {
      over.abort();
      await writing;
      await closePlaces(places);
    }
  });
}

/** Workers of the same host notice a killed process at once; a frozen process looks like one on another host. */
export async function benchTakeover(rounds: number): Promise<void> {
  console.log(
    `takeover, leases of ${leaseMs / 1_000} s: until another worker sends from every partition of the one that is gone`,
  );
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    const { first, all } = await takeover('SIGKILL');
    console.log(
      `  killed, same host          ${first.toFixed(0)} ms for the first, ${all.toFixed(0)} ms for all (aim 1 000)`,
    );
  }
  const { first, all } = await takeover('SIGSTOP');
  console.log(
    `  silent, as one elsewhere   ${first.toFixed(0)} ms for the first, ${all.toFixed(0)} ms for all (aim ${leaseMs + 1_000})`,
  );
}
