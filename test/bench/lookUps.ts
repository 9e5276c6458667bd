import { candidates } from '../../src/execution/condition.js';
import type { RecordedEvent } from '../../src/index.js';
import type { InstanceIndex } from '../../src/routing/conditionIndex.js';
import { createMemoryIndex } from '../../src/routing/memoryIndex.js';
import { match, matchOf } from '../../src/execution/resolve.js';
import { targetAdded } from '../support/recordedEvents.js';
import { measure, printRatio } from './rounds.js';

const names = Array.from({ length: 1_000 }, (_, n) => `shop.area${n % 10}.thing${n}`);
const few = 1_000;
const many = 1_000_000;

function executionSet(name: string, position: number): RecordedEvent {
  return {
    stream: `actions.execution-default.event/${name}`,
    id: '',
    type: 'execution.set',
    data: { targets: [{ type: 'target', target: 't' }] },
    metadata: {},
    version: 0n,
    position: BigInt(position),
    created: new Date(0),
  };
}

/** An index that holds half of the names, and further names up to the size. */
function indexOf(size: number): InstanceIndex {
  const index = createMemoryIndex();
  let position = 0;
  index.apply(
    {
      ...executionSet('', position),
      stream: 'actions.target-default.t',
      type: 'target.added',
      data: targetAdded('t'),
    },
    true,
  );
  for (let n = 0; n < size; n++) {
    const name = n < names.length / 2 ? names[n * 2]! : `other${n % 1_000}.thing${n}`;
    index.apply(executionSet(name, ++position), true);
  }
  return index.instance('default');
}

function probesOf(index: InstanceIndex): number {
  let probes = 0;
  const counted = {
    ...index,
    entries: (id: string) => (probes++, index.entries(id)),
    target: (id: string) => (probes++, index.target(id)),
  };
  for (const name of names) match(candidates('event', name), (id) => matchOf(counted, id, 1_000));
  return probes;
}

/**
 * The same 1 000 names, half of which match, at 1 000 and at 1 000 000 executions. No look-up is cached.
 */
export async function benchLookUps(rounds: number): Promise<void> {
  const before = process.memoryUsage().heapUsed;
  const indexes = new Map([few, many].map((size) => [String(size), indexOf(size)]));
  globalThis.gc?.();
  const bytes = (process.memoryUsage().heapUsed - before) / (few + many);
  console.log(`memory: ${bytes.toFixed(0)} bytes of heap an execution, of ${many}`);
  const rates = await measure(
    [...indexes].map(([name, index]) => ({
      name,
      run: () => {
        const times = 100;
        for (let time = 0; time < times; time++)
          for (const each of names) match(candidates('event', each), (id) => matchOf(index, id, 1_000));
        return Promise.resolve(times * names.length);
      },
    })),
    rounds,
  );
  const probes = [...indexes.values()].map(probesOf);
  console.log(`look-ups of 1 000 names: ${probes.join(' and ')} probes at ${few} and at ${many} executions`);
  printRatio(rates, String(many), String(few), 'aim: at least 0.5');
  if (probes[0] !== probes[1]) throw new Error('the number of probes depends on the size');
}
