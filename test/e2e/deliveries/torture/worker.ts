/**
 * One of several workers of a run, without an end: `worker.ts <location> <port of the receiver> <lease> <commits>`,
 * where the last two are times in milliseconds. A line on stdin stops it in order.
 */
import { createActions, createDeliveries } from '../../../../src/index.js';
import { openPlaces } from './places.js';

const [location = '', port = '', leaseMs = '3000', commitMs = '100'] = process.argv.slice(2);
const { events, progress, close } = await openPlaces(location);
const actions = await createActions({
  eventStore: events,
  keyring: 'plaintext',
  network: { allow: [`127.0.0.1:${port}`] },
});
const deliveries = createDeliveries({ actions, store: progress });
const worker = await deliveries.work({
  commitMs: Number(commitMs),
  leaseMs: Number(leaseMs),
  probeMs: 500,
  drainMs: 2_000,
  retry: {
    attempts: 100_000,
    permanentAttempts: 3,
    firstDelayMs: 20,
    maxDelayMs: 300,
    permanent: (status) => status === 400,
  },
});
process.stdout.write('works\n');
if (process.env['TORTURE_HEALTH'] !== undefined)
  setInterval(() => {
    const { partitions, stuck, running, store, source } = worker.health();
    console.error(JSON.stringify({ pid: process.pid, partitions, stuck, running, store, source }));
  }, Number(process.env['TORTURE_HEALTH'])).unref();
process.stdin.once('data', () => {
  void (async () => {
    await worker.stop();
    await actions.close();
    await close();
    process.exit(0);
  })();
});
process.stdin.once('end', () => process.exit(0));
