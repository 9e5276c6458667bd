import type { Context, RootHookObject } from 'mocha';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { closeOpened, closeShared } from './closings.js';

/**
 * The time in which everything that a test opened has to close after the last test: ten times as long as the connections of
 * `fetch` stay open. A test of this guard shortens it.
 */
const graceMs = Number(process.env['LEAK_GRACE_MS'] ?? 50_000);
const lookEveryMs = 20;

/**
 * The handles that keep this process alive, by their kind, without the streams of the process and the handles of Mocha.
 */
function whatIsOpen(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo())
    if (name !== 'TTYWrap' && name !== 'PipeWrap' && name !== 'Immediate' && name !== 'FSReqCallback')
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

let before: ReadonlyMap<string, number> = new Map();

/** @param timersOfMocha how many timers Mocha itself has under way: one while a hook waits */
const leftOpen = (timersOfMocha: number): readonly string[] =>
  [...whatIsOpen()].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0) - (name === 'Timeout' ? timersOfMocha : 0);
    return more > 0 ? [`${String(more)} ${name}`] : [];
  });

/**
 * Fails the run where tests leave a handle open, and names what is open. These hooks run once for a whole run, and
 * once for each file where Mocha runs files in parallel.
 */
export const mochaHooks: RootHookObject = {
  beforeAll() {
    before = whatIsOpen();
  },
  afterEach: closeOpened,
  async afterAll(this: Context) {
    // Mocha would end the hook before the list of open handles.
    this.timeout(2 * graceMs + 60_000);
    await closeShared();
    let open = leftOpen(0);
    const end = performance.now() + graceMs;
    while (open.length > 0 && performance.now() < end) {
      await wait(lookEveryMs);
      // A timer counts until its callback has returned.
      await setImmediate();
      open = leftOpen(1);
    }
    if (open.length === 0) return;
    // Mocha ends the processes of a parallel run, and waits forever in this one.
    if (process.env['MOCHA_WORKER_ID'] === undefined)
      setTimeout(() => {
        process.exit(1);
      }, 1_000).unref();
    throw new Error(`the tests left handles open: ${open.join(', ')}`);
  },
};

process.on('unhandledRejection', (reason) => {
  throw reason;
});
