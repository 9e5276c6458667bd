/*
 * The JSON that the console's server and page exchange. Types only, which the page takes over as they are. Times are RFC 3339,
 * positions decimal digits, durations milliseconds. What is absent or unknown is left out.
 */

/** The answer of everything that fails. */
export interface Problem {
  /** `UNAUTHENTICATED`, `PERMISSION_DENIED`, `CONCURRENCY_CONFLICT`, `INVALID_ARGUMENT` and so on. */
  readonly code: string;
  /** For people, as text. */
  readonly message: string;
}

/** One page of a list. `next` is the `after` of the page that follows; absent on the last. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
  /** Rows on all pages. */
  readonly total: number;
}

export interface Done {
  readonly done: true;
}

export type Kind = 'request' | 'response' | 'function' | 'event';

export type Verdict = 'passed' | 'amended' | 'refused' | 'failed';
