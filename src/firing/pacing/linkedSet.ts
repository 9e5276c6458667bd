interface Link<Value> {
  readonly value: Value;
  previous: Link<Value> | undefined;
  next: Link<Value> | undefined;
}

/**
 * A set in the order of insertion with direct access to its first value. A `Set` skips all deleted entries before its
 * first value, which is quadratic for a queue.
 */
export class LinkedSet<Value> implements Iterable<Value> {
  readonly #links = new Map<Value, Link<Value>>();
  #first: Link<Value> | undefined;
  #last: Link<Value> | undefined;

  get size(): number {
    return this.#links.size;
  }
  get first(): Value | undefined {
    return this.#first?.value;
  }

  /** Adds a value at the end; a value that is in the set keeps its place. */
  add(value: Value): void {
    if (this.#links.has(value)) return;
    const link: Link<Value> = { value, previous: this.#last, next: undefined };
    if (this.#last) this.#last.next = link;
    else this.#first = link;
    this.#last = link;
    this.#links.set(value, link);
  }

  delete(value: Value): void {
    const link = this.#links.get(value);
    if (!link) return;
    this.#links.delete(value);
    if (link.previous) link.previous.next = link.next;
    else this.#first = link.next;
    if (link.next) link.next.previous = link.previous;
    else this.#last = link.previous;
  }

  *[Symbol.iterator](): Generator<Value> {
    for (let link = this.#first; link !== undefined; link = link.next) yield link.value;
  }
}
