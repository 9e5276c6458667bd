/**
 * The heaviest of a changing set of values. A change costs as many steps as the set's size has binary digits: a scan would be
 * quadratic for a queue that is over its bound.
 */
export class WeightHeap<Value> {
  readonly #weightOf: (value: Value) => number;
  /** Each value weighs at least as much as the two at twice its place plus 1 and plus 2. */
  readonly #values: Value[] = [];
  readonly #places = new Map<Value, number>();

  constructor(weightOf: (value: Value) => number) {
    this.#weightOf = weightOf;
  }

  get first(): Value | undefined {
    return this.#values[0];
  }

  /** Moves a new value, or a value whose weight has changed, into its place. */
  put(value: Value): void {
    const place = this.#places.get(value) ?? this.#values.length;
    this.#set(place, value);
    this.#sink(this.#rise(place));
  }

  delete(value: Value): void {
    const place = this.#places.get(value);
    if (place === undefined) return;
    this.#places.delete(value);
    const last = this.#values.pop() as Value;
    if (place === this.#values.length) return;
    this.#set(place, last);
    this.#sink(this.#rise(place));
  }

  #set(place: number, value: Value): void {
    this.#values[place] = value;
    this.#places.set(value, place);
  }

  /** @returns the place where the value ends up */
  #rise(from: number): number {
    const value = this.#values[from] as Value;
    const weight = this.#weightOf(value);
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#values[above] as Value;
      if (this.#weightOf(other) >= weight) break;
      this.#set(place, other);
      place = above;
    }
    if (place !== from) this.#set(place, value);
    return place;
  }

  #sink(from: number): void {
    const value = this.#values[from] as Value;
    const weight = this.#weightOf(value);
    let place = from;
    for (let below = this.#heavierBelow(place); below !== undefined; below = this.#heavierBelow(place)) {
      const other = this.#values[below] as Value;
      if (this.#weightOf(other) <= weight) break;
      this.#set(place, other);
      place = below;
    }
    if (place !== from) this.#set(place, value);
  }

  #heavierBelow(place: number): number | undefined {
    const left = 2 * place + 1;
    const right = left + 1;
    if (left >= this.#values.length) return undefined;
    if (right >= this.#values.length) return left;
    const isRight =
      this.#weightOf(this.#values[right] as Value) > this.#weightOf(this.#values[left] as Value);
    return isRight ? right : left;
  }
}
