import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { EventData, EventStore, RecordedEvent, SubscriptionMessage } from '../../ports.js';
import { thrownText } from '../../lib/reading/shownValue.js';

/** A store to run the contract against, opened for one test and closed after it. */
export interface StoreUnderTest {
  /** The store to test. */
  readonly store: EventStore;
  /**
   * Opens another handle on the same events, as another process would; the suite closes it. See `severalHandles`.
   * Absent where the store has one handle only.
   */
  readonly another?: () => EventStore | Promise<EventStore>;
  /** Called after the test and after `store.close()`: removes the test's data. Absent where there is none. */
  readonly cleanUp?: () => void | Promise<void>;
}

/** Options of the contract suite. */
export interface ContractOptions {
  /**
   * Whether the store can be opened a second time: `another` is there, and each handle has to deliver the other's
   * appends.
   * @defaultValue `false`
   */
  readonly severalHandles?: boolean;
  /** How long to wait for an expected message, in milliseconds. @defaultValue 10 000 */
  readonly patienceMs?: number;
  /** `describe` and `it` of the test runner. @defaultValue the global ones of mocha, jest or vitest */
  readonly runner?: ContractRunner;
}

/** The functions of a test runner. */
export interface ContractRunner {
  /** Heads a group of tests. */
  readonly describe: (title: string, define: () => void) => void;
  /** Defines a test. The promise never rejects unhandled: the runner handles its rejection. */
  readonly it: (title: string, test: () => Promise<void>) => void;
}

/** The store and helpers for each rule of the contract. The test reads only its own streams. */
export interface Scene {
  readonly store: EventStore;
  readonly another: StoreUnderTest['another'];
  /** The prefix of all stream names of this test, and of no others. */
  readonly prefix: string;
  readonly patienceMs: number;
  /** Subscribes and keeps the messages. Ends with the test. */
  readonly listen: (options?: ListenOptions) => Listener;
}

interface ListenOptions {
  readonly store?: EventStore;
  readonly after?: bigint;
  /** @defaultValue the prefix of this test */
  readonly prefixes?: readonly string[];
}

export type Rule = (title: string, test: (scene: Scene) => Promise<void>) => void;

export function newScene(
  under: StoreUnderTest,
  patienceMs: number,
): { scene: Scene; readonly end: () => Promise<void> } {
  const listeners: Listener[] = [];
  const prefix = `contract.${randomUUID().slice(0, 8)}-`;
  const scene: Scene = {
    store: under.store,
    another: under.another,
    prefix,
    patienceMs,
    listen: ({ store = under.store, prefixes = [prefix], after } = {}) => {
      const listener = new Listener(store, after, prefixes, patienceMs);
      listeners.push(listener);
      return listener;
    },
  };
  const end = async () => {
    await Promise.all(listeners.map((listener) => listener.stop()));
    await under.store.close?.();
    await under.cleanUp?.();
  };
  return { scene, end };
}

/** A subscription that keeps all its messages. */
export class Listener {
  readonly messages: SubscriptionMessage[] = [];
  readonly #controller = new AbortController();
  readonly #patienceMs: number;
  readonly #running: Promise<void>;
  #failure: Error | undefined;
  #news: () => void = () => undefined;

  constructor(store: EventStore, after: bigint | undefined, prefixes: readonly string[], patienceMs: number) {
    this.#patienceMs = patienceMs;
    const subscription = store.subscribe({
      prefixes,
      signal: this.#controller.signal,
      ...(after !== undefined && { after }),
    });
    this.#running = this.#run(subscription).catch((error: unknown) => {
      this.#failure = error instanceof Error ? error : new Error(thrownText(error));
      this.#news();
    });
  }

  async #run(subscription: AsyncIterable<SubscriptionMessage>): Promise<void> {
    for await (const message of subscription) {
      this.messages.push(message);
      this.#news();
    }
  }

  get events(): RecordedEvent[] {
    return this.messages.filter(isEvent);
  }

  /** Waits until the messages satisfy `condition`. */
  async until(what: string, condition: (listener: this) => boolean): Promise<void> {
    const end = performance.now() + this.#patienceMs;
    while (!condition(this)) {
      if (this.#failure !== undefined) throw this.#failure;
      const left = end - performance.now();
      if (left <= 0) throw new Error(`no ${what} within ${this.#patienceMs} ms, only ${this.summary()}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#news = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async untilCaughtUp(): Promise<void> {
    await this.until('caughtUp', ({ messages }) => messages.some((message) => 'caughtUp' in message));
  }

  async untilEvents(count: number): Promise<RecordedEvent[]> {
    await this.until(`${count} events`, ({ events }) => events.length >= count);
    return this.events;
  }

  summary(): string {
    const last = this.messages.slice(-5).map((message) => (isEvent(message) ? message.type : 'news'));
    return `${this.messages.length} messages (… ${last.join(', ')})`;
  }

  /** Ends the subscription. Returns the error that it failed with, if any. */
  async stop(): Promise<void> {
    this.#controller.abort();
    await this.#running;
    if (this.#failure !== undefined) throw this.#failure;
  }
}

export function isEvent(message: SubscriptionMessage): message is RecordedEvent {
  return 'stream' in message;
}

/** The position that a checkpoint or `caughtUp` gives; `undefined` for an event. */
export function lookedUpTo(message: SubscriptionMessage): bigint | undefined {
  if (isEvent(message)) return undefined;
  return 'checkpoint' in message ? message.checkpoint : message.position;
}

/** Fails where an event follows a checkpoint of its own or a later position. */
export function requireEventsBeforeCheckpoints(messages: readonly SubscriptionMessage[]): void {
  let looked = 0n;
  for (const message of messages) {
    if (isEvent(message)) assert.ok(message.position > looked, `${message.position} after ${looked}`);
    else looked = lookedUpTo(message) ?? looked;
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Events with these types, each with its own id. */
export function typed(...types: readonly string[]): EventData[] {
  return types.map((type) => ({ id: randomUUID(), type, data: { type } }));
}

export function numbered(count: number, first = 0): EventData[] {
  return Array.from({ length: count }, (_, index) => ({ type: 'numbered', data: { n: first + index } }));
}

/** Orders two interleaved sequences, each ordered in itself, for comparison: by stream and version. */
export function place(event: RecordedEvent): string {
  return `${event.stream}@${event.version}`;
}
