/** When an aggregate came to be and was last changed. Milliseconds since the Unix epoch, by the event store's clock. */
export interface Dates {
  readonly created: number;
  readonly changed: number;
}

type DatesToNote = { -readonly [Name in keyof Dates]: Dates[Name] };

/** Notes an event that changed something; `existed` is whether there was anything before it. */
export function noteChange(dates: DatesToNote, existed: boolean, at: number): void {
  if (!existed) dates.created = at;
  dates.changed = at;
}

/** Notes what the store says of an event that this process wrote, and dated by a clock of its own until then. */
export function confirmDates(dates: DatesToNote, at: number): void {
  if (dates.created === dates.changed) dates.created = at;
  dates.changed = at;
}
