import {
  type ActionsError,
  AppendTooLargeError,
  EventStoreAccessDeniedError,
  EventStoreUnavailableError,
  InvalidArgumentError,
  isActionsError,
  OutcomeUnknownError,
} from '../../errors.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import { shownText } from '../../lib/shown/shownText.js';

/** The server's SQLSTATE, five letters or digits; `''` for an error that the server did not send. */
function sqlState(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
}

/** Whether the connection still works after this error. Classes 08 and 57P end it. */
export const isConnectionUsable = (error: unknown): boolean => {
  const state = sqlState(error);
  return isActionsError(error) || (state !== '' && !state.startsWith('08') && !state.startsWith('57P'));
};

const reasons: readonly (readonly [states: RegExp, advice: string])[] = [
  [/^53100$/, 'the disk of the server is full'],
  [/^53300$/, 'the server takes no more connections'],
  [/^55P03$/, 'another writer held the lock for longer than 5 s'],
  [/^57014$/, 'the statement timeout of the pool ended it'],
  // A standby answers a writing transaction with 0A000.
  [/^(25006|0A000)$/, 'the server is read-only: it is a standby, or was one; connect to the primary'],
];

const isMissing = /^(3F000|42P01)$/;
const tablesMissing =
  'the tables are missing: leave migrate on, or run "eventstore-actions postgres schema" by hand';

const adviceFor = (state: string): string => {
  const found = reasons.find(([states]) => states.test(state));
  return found === undefined ? '' : `; ${found[1]}`;
};

/** The parts of an error message that depend on the store. */
export interface FailingPlace {
  /** What failed: `the event store in schema "x"`, for example. */
  readonly subject: string;
  /** What the failure left behind. */
  readonly outcome: string;
  /** What to do where tables are missing. */
  readonly missing?: string;
}

export const eventStoreIn = (schema: string): FailingPlace => ({
  subject: `the event store in schema ${shownText(schema)}`,
  outcome: 'nothing was appended',
});

/** Makes the error for a failed read, or for an append whose transaction failed before its commit: nothing was written. */
export function unavailable(error: unknown, { subject, outcome, missing }: FailingPlace): ActionsError {
  if (isActionsError(error)) return error;
  const state = sqlState(error);
  const why = error instanceof Error && error.message !== '' ? error.message : 'the connection was lost';
  const text = `${subject}: ${why}${state === '' ? '' : ` (${state})`}`;
  if (state === '42501' || state.startsWith('28'))
    return new EventStoreAccessDeniedError(`${text}; grant the role what it needs; ${outcome}`, {
      cause: error,
    });
  const advice = isMissing.test(state) ? `; ${missing ?? tablesMissing}` : adviceFor(state);
  return new EventStoreUnavailableError(`${text}${advice}; ${outcome}`, { cause: error });
}

/** Makes the error for an append whose transaction ended before its commit began. */
export function notWritten(error: unknown, append: ProposedAppend, schema: string): ActionsError {
  const state = sqlState(error);
  if (state.startsWith('54')) return new AppendTooLargeError(append.stream, undefined, { cause: error });
  if (state.startsWith('22'))
    return new InvalidArgumentError(
      `PostgreSQL cannot keep the append to ${shownText(append.stream)} (${state}); nothing was appended`,
      { cause: error },
    );
  return unavailable(error, eventStoreIn(schema));
}

/**
 * Makes the error for an append whose commit failed. After an error from the server the transaction is rolled back, except
 * where the connection ended with it: then the commit may be on disk.
 */
export function commitFailed(error: unknown, append: ProposedAppend, schema: string): ActionsError {
  if (isConnectionUsable(error)) return notWritten(error, append, schema);
  return new OutcomeUnknownError(
    append.stream,
    append.events.map(({ id }) => id),
    append.expectedVersion,
    { cause: error, detail: `the connection to PostgreSQL was lost during the commit` },
  );
}
