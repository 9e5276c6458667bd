const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The widths of buckets. Each divides the next, so that buckets can be merged. */
const steps = [
  second,
  5 * second,
  15 * second,
  minute,
  5 * minute,
  15 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  7 * day,
  28 * day,
  84 * day,
  168 * day,
];

/** A Monday, so that weeks begin on Monday. */
const origin = Date.UTC(1970, 0, 5);

interface TimeBucket<Key extends string> {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly counts: Readonly<Record<Key, number>>;
}

/** Counts by time in at most `most` buckets, which become wider where more would be needed. */
interface TimeBuckets<Key extends string> {
  add(time: number, key: Key): void;
  /** Milliseconds. */
  readonly width: number;
  /** All buckets from the first to the last, including empty ones. */
  all(): readonly TimeBucket<Key>[];
}

export function createTimeBuckets<Key extends string>(keys: readonly Key[], most: number): TimeBuckets<Key> {
  const none = () => Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
  let counts = new Map<number, Record<Key, number>>();
  let step = 0;
  let width = second;
  let first = Infinity;
  let last = -Infinity;

  const placeOf = (time: number) => Math.floor((time - origin) / width);

  function widen(): void {
    const before = width;
    step += 1;
    width = steps[step] ?? width * 2;
    const narrow = counts;
    counts = new Map();
    for (const [place, each] of narrow) {
      const into = at(placeOf(origin + place * before));
      for (const key of keys) into[key] += each[key];
    }
  }

  function at(place: number): Record<Key, number> {
    let found = counts.get(place);
    if (!found) counts.set(place, (found = none()));
    return found;
  }

  return {
    add(time, key) {
      first = Math.min(first, time);
      last = Math.max(last, time);
      while (placeOf(last) - placeOf(first) >= most) widen();
      at(placeOf(time))[key] += 1;
    },
    get width() {
      return width;
    },
    all() {
      if (counts.size === 0) return [];
      const [start, end] = [placeOf(first), placeOf(last)];
      return Array.from({ length: end - start + 1 }, (_, index) => ({
        from: origin + (start + index) * width,
        counts: { ...none(), ...counts.get(start + index) },
      }));
    },
  };
}
