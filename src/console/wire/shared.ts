/*
 * The JSON that the console's server and page exchange. Types only, for server and page. Times are RFC 3339, positions
 * decimal digits, durations milliseconds. Absent and unknown values are left out.
 */

/** The answer to a failed request. */
export interface Problem {
  /** `UNAUTHENTICATED`, `PERMISSION_DENIED`, `CONCURRENCY_CONFLICT`, `INVALID_ARGUMENT` and so on. */
  readonly code: string;
  /** For people, as text. */
  readonly message: string;
}

/** A page of a list. `next` is the `after` of the next page; absent on the last page. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
  /** The number of rows on all pages. */
  readonly total: number;
}

export interface Done {
  readonly done: true;
}

export type Kind = 'request' | 'response' | 'function' | 'event';

export type Verdict = 'passed' | 'amended' | 'refused' | 'failed';
