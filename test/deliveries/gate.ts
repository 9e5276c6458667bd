import {
  memoryDeliveryStore,
  memoryEventStore,
  type DeliveryStore,
  type EventStore,
} from '../../src/index.js';

/** A point in the code at which a test can hold every caller. */
interface Gate {
  /** From now on every caller waits. */
  hold(): void;
  /** Releases all waiting callers, and holds no further one. */
  open(): void;
  /** Resolves at once, or when the gate opens. */
  pass(): Promise<void>;
  /** The number of waiting callers. */
  waiting(): number;
}

export function createGate(): Gate {
  let isHeld = false;
  let held: (() => void)[] = [];
  return {
    hold() {
      isHeld = true;
    },
    open() {
      isHeld = false;
      const released = held;
      held = [];
      for (const go of released) go();
    },
    pass: () => (isHeld ? new Promise((resolve) => held.push(resolve)) : Promise.resolve()),
    waiting: () => held.length,
  };
}

/** Events in memory whose reads of single streams wait at two gates: before they look, and after. */
export function storeWithGates(): {
  readonly store: EventStore;
  readonly before: Gate;
  readonly after: Gate;
} {
  const inner = memoryEventStore();
  const [before, after] = [createGate(), createGate()];
  return {
    before,
    after,
    store: {
      ...inner,
      async *readStream(stream, options) {
        if (!stream.startsWith('order-')) {
          yield* inner.readStream(stream, options);
          return;
        }
        await before.pass();
        const events = [];
        for await (const event of inner.readStream(stream, options)) events.push(event);
        await after.pass();
        yield* events;
      },
    },
  };
}

/** Progress in memory, with some members replaced. */
export function deliveryStoreWith(
  replace: (inner: DeliveryStore) => Partial<DeliveryStore>,
  inner: DeliveryStore = memoryDeliveryStore(),
): DeliveryStore {
  return { ...inner, ...replace(inner) };
}
