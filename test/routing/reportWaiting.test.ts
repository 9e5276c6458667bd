import { expect } from 'chai';
import { mock } from 'node:test';
import { createActions, memoryEventStore } from '../../src/index.js';
import { EventStoreUnavailableError } from '../../src/errors.js';
import type { EventStore } from '../../src/ports.js';
import { reportWaiting } from '../../src/routing/reportWaiting.js';
import { manualClock } from '../support/manualClock.js';
import { until } from '../support/conditions.js';

/** The warnings of the process while `work` runs. */
async function warningsDuring(
  work: (warnings: readonly string[]) => Promise<void>,
): Promise<readonly string[]> {
  const warnings: string[] = [];
  const note = ({ name, message }: Error) => {
    if (name === 'EventstoreActionsWarning') warnings.push(message);
  };
  process.on('warning', note);
  try {
    await work(warnings);
    return warnings;
  } finally {
    process.off('warning', note);
  }
}

describe('a start that waits for the index', () => {
  it('warns after 10 s, 20 s and 40 s, with what the event store says at that time, and not once the start is over', async () => {
    const clock = manualClock();
    let interruption: string | undefined;
    let end: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => {
      end = resolve;
    });
    const warnings = await warningsDuring(async (told) => {
      const waiting = reportWaiting(
        ready,
        () => ({ ...(interruption !== undefined && { interruption }) }),
        clock,
      );
      clock.advance(9_999);
      clock.advance(1);
      await until(() => told.length === 1);
      interruption = 'connect ECONNREFUSED';
      clock.advance(10_000);
      await until(() => told.length === 2);
      clock.advance(19_999);
      clock.advance(1);
      await until(() => told.length === 3);
      end();
      await waiting;
      expect(clock.pending()).to.deep.equal([]);
    });
    expect(warnings.map((warning) => /for (\d+ s: [^.;]*)/.exec(warning)?.[1])).to.deep.equal([
      '10 s: its events are being read',
      '20 s: connect ECONNREFUSED',
      '40 s: connect ECONNREFUSED',
    ]);
  });

  it('is the start of createActions, whose health gives the reason until the store is back', async () => {
    const store = memoryEventStore();
    let isDown = true;
    const failing: EventStore = {
      ...store,
      async *subscribe(options) {
        if (isDown)
          throw new EventStoreUnavailableError('the server is down; nothing was read', { cause: undefined });
        yield* store.subscribe(options);
      },
    };
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const warnings = await warningsDuring(async (told) => {
        const opening = createActions({ eventStore: failing, keyring: 'plaintext' });
        for (let passed = 0; told.length === 0 && passed < 30; passed++) {
          await new Promise((resolve) => setImmediate(resolve));
          mock.timers.tick(1_000);
          await new Promise((resolve) => setImmediate(resolve));
        }
        const early = await createActions({ eventStore: failing, keyring: 'plaintext', awaitReady: false });
        await until(() => early.health().interruption !== undefined);
        expect(early.health()).to.include({
          connected: false,
          interruption: 'the server is down; nothing was read',
        });
        isDown = false;
        const ready = early.ready();
        mock.timers.tick(10_000);
        await ready;
        expect(early.health()).to.include({ connected: true }).and.not.have.property('interruption');
        await (await opening).close();
        await early.close();
      });
      expect(warnings).to.have.lengthOf(1);
      expect(warnings[0]).to.contain('10 s: the server is down; nothing was read. It waits on');
    } finally {
      mock.timers.reset();
    }
  });
});
