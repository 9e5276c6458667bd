import { expect } from 'chai';
import { ConcurrencyConflictError, isActionsError, OutcomeUnknownError } from '../../src/errors.js';
import type { EventData, EventStore, ExpectedVersion } from '../../src/ports.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { aTarget, openCommands } from '../support/openCommands.js';
import { instantClock } from '../support/instantClock.js';

interface Attempt {
  readonly stream: string;
  readonly events: readonly EventData[];
  readonly expectedVersion: ExpectedVersion | undefined;
}

/** A store that notes each append, and lets `fault` replace some of them. */
function noting(
  store: EventStore,
  fault: (attempt: Attempt, count: number) => 'pass' | 'lose-answer' | 'lose' | 'hang' | Error,
) {
  const attempts: Attempt[] = [];
  const noted: EventStore = {
    ...store,
    async append(stream, events, options) {
      const attempt = { stream, events, expectedVersion: options?.expectedVersion };
      const outcome = fault(attempt, attempts.push(attempt));
      if (outcome instanceof Error) throw outcome;
      if (outcome === 'hang') return new Promise(() => undefined);
      if (outcome !== 'lose') {
        const result = await store.append(stream, events, options);
        if (outcome === 'pass') return result;
      }
      throw new OutcomeUnknownError(stream, [], options?.expectedVersion ?? 'any');
    },
  };
  return { noted, attempts };
}

const ofTargets = (attempts: readonly Attempt[]) =>
  attempts.filter(({ stream }) => stream.startsWith('actions.target-'));

async function eventsOf(store: EventStore, stream: string): Promise<number> {
  let count = 0;
  for await (const _event of store.readStream(stream)) count++;
  return count;
}

describe('command handler', () => {
  for (const fault of ['lose-answer', 'lose', 'hang'] as const)
    it(`repeats an append whose outcome is unknown (${fault}) with the same ids and the same exact version`, async () => {
      const store = memoryEventStore();
      let faults = 0;
      const { noted, attempts } = noting(store, ({ stream }) =>
        stream.startsWith('actions.target-') && ++faults === 1 ? fault : 'pass',
      );
      const { id, position } = await openCommands(noted).targets.add(aTarget('order'));
      const [first, second, ...more] = ofTargets(attempts);
      expect(more).to.have.length(0);
      expect(second?.events).to.deep.equal(first?.events);
      expect([first?.expectedVersion, second?.expectedVersion]).to.deep.equal(['no-stream', 'no-stream']);
      expect(await eventsOf(store, `actions.target-default.${id}`)).to.equal(1);
      expect(position).not.to.equal(undefined);
    });

  it('gives up after 30 s, and says that the outcome is unknown', async () => {
    const { noted, attempts } = noting(memoryEventStore(), ({ stream }) =>
      stream.startsWith('actions.target-') ? 'hang' : 'pass',
    );
    const clock = instantClock();
    const startedAt = clock.elapsed();
    let error: unknown;
    await openCommands(noted, { clock })
      .targets.add(aTarget('order'))
      .catch((thrown: unknown) => (error = thrown));
    expect(isActionsError(error, 'OUTCOME_UNKNOWN')).to.equal(true);
    expect(ofTargets(attempts).length).to.be.within(2, 3);
    expect(clock.elapsed() - startedAt).to.be.at.most(30_000);
  });

  it('decides again after a conflict, on the events that the stream holds by then', async () => {
    const store = memoryEventStore();
    const { id } = await openCommands(store).targets.add(aTarget('order'));
    let isFirst = true;
    const racing: EventStore = {
      ...store,
      async append(...parameters) {
        if (isFirst) {
          isFirst = false;
          await openCommands(store).targets.change(id, { timeoutMs: 1 });
        }
        return store.append(...parameters);
      },
    };
    await openCommands(racing).targets.change(id, { interruptOnError: true });
    const { index, targets } = openCommands(store);
    await targets.change(id, {});
    expect(index.instance('default').target(id)).to.deep.include({ timeoutMs: 1, interruptOnError: true });
  });

  it('decides five times at the most, and then reports the conflict', async () => {
    const store = memoryEventStore();
    const { id } = await openCommands(store).targets.add(aTarget('order'));
    const { noted, attempts } = noting(store, ({ stream }) => new ConcurrencyConflictError(stream, 0n, 9n));
    let error: unknown;
    await openCommands(noted)
      .targets.change(id, { timeoutMs: 1 })
      .catch((thrown: unknown) => (error = thrown));
    expect(isActionsError(error, 'CONCURRENCY_CONFLICT')).to.equal(true);
    expect(attempts).to.have.length(5);
  });

  it('passes over a malformed event, so that the aggregate stays usable', async () => {
    const store = memoryEventStore();
    const { id } = await openCommands(store).targets.add(aTarget('order'));
    const stream = `actions.target-default.${id}`;
    await store.append(stream, [{ type: 'target.changed', data: { timeoutMs: 'soon' } }]);
    const { targets, index } = openCommands(store);
    await targets.change(id, { timeoutMs: 7 });
    await targets.remove(id);
    expect(index.instance('default').target(id)).to.equal(undefined);
  });
});
