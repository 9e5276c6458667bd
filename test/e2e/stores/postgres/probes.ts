import { randomUUID } from 'node:crypto';
import { isActionsError, type EventData, type EventStore } from 'eventstore-actions';
import { readAll } from '../../../support/openActions.js';

export const event = (type = 'noted'): EventData => ({ id: randomUUID(), type, data: { type } });

/** The code and the detail of the error of an action. */
export async function failureOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (isActionsError(error)) return `${error.code}: ${error.detail ?? error.message}`;
    throw error;
  }
  return 'none';
}

export const idsOf = async (store: EventStore, stream: string): Promise<readonly string[]> =>
  (await readAll(store, stream)).map(({ id }) => id);
