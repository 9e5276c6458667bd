type Waiting = { readonly subject: string; readonly pass: () => void };

/** Holds arriving calls until the test releases them, so that a test stages a race without sleeping. */
class Gate {
  readonly #waiting: Waiting[] = [];
  readonly #observers = new Set<() => void>();
  #holds: ((subject: string) => boolean) | undefined;

  /** From now on every call on one of these streams waits. */
  close(holds: (stream: string) => boolean = () => true): void {
    this.#holds = holds;
  }

  /** Releases all calls in the order of arrival, and holds no further one. */
  open(): void {
    this.#holds = undefined;
    this.release(Infinity);
  }

  /** Releases the first `count` calls; the gate stays closed. */
  release(count = 1): void {
    for (const { pass } of this.#waiting.splice(0, count)) pass();
  }

  /** Streams of the waiting calls, in the order of arrival. */
  waiting(): readonly string[] {
    return this.#waiting.map(({ subject }) => subject);
  }

  /** Resolves as soon as `count` calls wait. */
  async arrived(count: number): Promise<void> {
    while (this.#waiting.length < count)
      await new Promise<void>((resolve) => {
        const observer = () => {
          this.#observers.delete(observer);
          resolve();
        };
        this.#observers.add(observer);
      });
  }

  isClosedFor(subject: string): boolean {
    return this.#holds?.(subject) ?? false;
  }

  async pass(subject: string): Promise<void> {
    if (!this.isClosedFor(subject)) return;
    await new Promise<void>((pass) => {
      this.#waiting.push({ subject, pass });
      for (const observer of this.#observers) observer();
    });
  }
}

export type Gates = {
  /** Before an append is checked and committed: a frozen disk. */
  readonly commits: Gate;
  /** Between the commit and its answer. */
  readonly acknowledgements: Gate;
  /** Before an event goes out to a subscription. */
  readonly deliveries: Gate;
};

export const openGates = (): Gates => ({
  commits: new Gate(),
  acknowledgements: new Gate(),
  deliveries: new Gate(),
});
