import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createActions,
  createDeliveries,
  type Deliveries,
  type EventStore,
  type RecordedEvent,
} from '../../../../src/index.js';
import { compiled } from '../../support/compiled.js';
import { judge, type Verdict } from './oracle.js';
import { openPlaces } from './places.js';
import { drawing } from './drawing.js';
import { openReceiver } from './openReceiver.js';
import { poisonEvery } from './receiver.js';

interface TortureOptions {
  readonly location: string;
  readonly seconds: number;
  readonly workers: number;
  readonly events: number;
  readonly streams: number;
  readonly seed: number;
  /** The share of disturbances that freeze a worker; the others kill one. @defaultValue 0.15 */
  readonly freezes?: number;
  readonly tell: (line: string) => void;
}

interface TortureResult extends Verdict {
  readonly events: number;
  readonly kills: number;
  readonly freezes: number;
  /** Remaining rows of lanes and cursors; a right run leaves none. */
  readonly left: number;
}

const targetNames = ['healthy', 'status', 'reset', 'timeout', 'outage', 'poison', 'slow'] as const;
const leaseMs = 3_000;
/** The time that a worker has for the remaining events after the disturbances. Milliseconds. */
const settleMsOf = (events: number): number => 120_000 + events * 40;
/**
 * Every commit is an event that the double sends to all workers: more commits would measure the double. Milliseconds.
 */
const commitMsOf = (location: string): number => (location.startsWith('sqlite:') ? 100 : 500);

async function readAll(store: EventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  const left = new AbortController();
  for await (const message of store.subscribe({ prefixes: ['order-'], signal: left.signal })) {
    if ('stream' in message) events.push(message);
    else if ('caughtUp' in message) break;
  }
  left.abort();
  return events;
}

class Crowd {
  readonly #file: string;
  readonly #words: readonly string[];
  readonly #children = new Set<ChildProcess>();
  kills = 0;
  freezes = 0;

  constructor(file: string, words: readonly string[]) {
    this.#file = file;
    this.#words = words;
  }

  start(): void {
    const child = spawn(process.execPath, [this.#file, ...this.#words], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.#children.add(child);
    child.on('exit', () => this.#children.delete(child));
  }

  #any(draw: number): ChildProcess | undefined {
    return [...this.#children][Math.floor(draw * this.#children.size)];
  }

  kill(draw: number): void {
    const child = this.#any(draw);
    if (!child) return;
    this.kills++;
    child.kill('SIGKILL');
  }

  freeze(draw: number, ms: number): void {
    const child = this.#any(draw);
    if (!child) return;
    this.freezes++;
    child.kill('SIGSTOP');
    setTimeout(() => child.kill('SIGCONT'), ms);
  }

  get size(): number {
    return this.#children.size;
  }

  async end(): Promise<void> {
    const exits = [...this.#children].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of this.#children) {
      child.kill('SIGCONT');
      child.stdin?.write('end\n');
    }
    const late = setTimeout(() => {
      for (const child of this.#children) child.kill('SIGKILL');
    }, 20_000);
    await Promise.all(exits);
    clearTimeout(late);
  }
}

export async function runTorture(options: TortureOptions): Promise<TortureResult> {
  const { location, seconds, workers, events: count, streams, tell } = options;
  const random = drawing(options.seed);
  const receiver = await openReceiver(options.seed + 1);
  const { events: store, progress, close } = await openPlaces(location);
  const actions = await createActions({
    eventStore: store,
    keyring: 'plaintext',
    network: { allow: [`127.0.0.1:${receiver.port}`] },
  });
  const deliveries = createDeliveries({ actions, store: progress });
  const targets = new Map<string, string>();
  for (const name of targetNames) {
    const endpoint = `http://127.0.0.1:${receiver.port}/${name}`;
    const timeoutMs = name === 'timeout' ? 400 : 5_000;
    const { id } = await actions.targets.add({
      name,
      type: 'async',
      delivery: 'durable',
      endpoint,
      timeoutMs,
    });
    targets.set(id, name);
  }
  await actions.executions.set({ event: { group: 'order' } }, [...targets.keys()]);

  const commitMs = commitMsOf(location);
  const file = await compiled(fileURLToPath(new URL('worker.ts', import.meta.url)));
  const crowd = new Crowd(file, [location, receiver.port, leaseMs, commitMs].map(String));
  for (let place = 0; place < workers; place++) crowd.start();
  const end = performance.now() + seconds * 1_000;
  const writing = (async () => {
    for (let total = 1; total <= count; total++) {
      const stream = `order-${Math.floor(random() * streams)}`;
      await store.append(stream, [{ type: 'order.placed', data: { total } }]);
      const due = (seconds * 1_000 * total) / count;
      const early = due - (performance.now() - (end - seconds * 1_000));
      if (early > 5) await sleep(early);
    }
  })();
  // One a second, counted: a machine that stalls makes fewer of them in a time.
  for (let disturbances = 0; disturbances < seconds; disturbances++) {
    await sleep(1_000);
    if (random() < (options.freezes ?? 0.15)) crowd.freeze(random(), 1_000 + random() * 5_000);
    else crowd.kill(random());
    await sleep(10);
    while (crowd.size < workers) crowd.start();
  }
  await writing;
  receiver.calm();
  tell(`${crowd.kills} kills, ${crowd.freezes} freezes; waiting until all is delivered`);
  const left = await settle({ deliveries, store, tell, settleMs: settleMsOf(count) });
  await crowd.end();
  const events = await readAll(store);
  const deadLetters = await progress.deadLetters({ limit: 1_000_000 });
  const verdict = judge({
    events,
    targets,
    log: await receiver.log(),
    deadLetters,
    isRefused: (target, { data }) =>
      target === 'poison' && (data as { total: number }).total % poisonEvery === 0,
    disturbances: crowd.kills + crowd.freezes,
    atOnce: 64,
    commitMs,
  });
  await actions.close();
  await close();
  await receiver.close();
  return { ...verdict, events: events.length, kills: crowd.kills, freezes: crowd.freezes, left };
}

/** Waits until no lane waits and every partition was read to the end; reports the rest after some minutes. */
async function settle({
  deliveries,
  store,
  tell,
  settleMs,
}: {
  readonly deliveries: Deliveries;
  readonly store: EventStore;
  readonly tell: (line: string) => void;
  readonly settleMs: number;
}): Promise<number> {
  let told = 0;
  const end = performance.now() + settleMs;
  let left = Infinity;
  let last = 0n;
  for await (const event of lastEvents(store)) last = event.position > last ? event.position : last;
  while (left > 0 && performance.now() < end) {
    await sleep(500);
    const { partitions, targets } = await deliveries.status();
    const behind = partitions.filter(({ lanes, position }) => lanes > 0 || (position ?? 0n) < last);
    const states = targets.filter(({ state }) => state !== 'live');
    left = behind.length + states.length;
    const isOver = performance.now() >= end;
    if (left > 0 && (isOver || ++told % 20 === 0)) {
      const unread = behind.map(({ partition, lanes, position, owner }) =>
        [partition, `${lanes} lanes`, `at ${position} of ${last}`, owner].join(' '),
      );
      tell(`left: ${[...unread, ...states.map(({ state, lanes }) => `${state} ${lanes}`)].join('; ')}`);
    }
  }
  return left;
}

async function* lastEvents(store: EventStore): AsyncIterable<RecordedEvent> {
  for (const event of await readAll(store)) yield event;
}
