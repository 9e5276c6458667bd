/** When an aggregate was added and last changed. Milliseconds since the Unix epoch, by the event store's clock. */
export interface Dates {
  /** When it was added, in milliseconds since the epoch. */
  readonly created: number;
  /** When it was last changed, in milliseconds since the epoch. */
  readonly changed: number;
}

/** The dates of an aggregate, and the event that changed it last. */
export interface DatedVersion extends Dates {
  /** The version of that event in its stream. */
  readonly version: bigint;
}

/** The dates after a change; `before` are the aggregate's dates until then, where it existed. */
export const noted = (before: Dates | undefined, at: number): Dates => ({
  created: before?.created ?? at,
  changed: at,
});

/** Replaces this process's timestamp of its own event with the store's. */
export const confirmed = ({ created, changed }: Dates, at: number): Dates => ({
  created: created === changed ? at : created,
  changed: at,
});
