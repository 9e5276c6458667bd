import { randomUUID } from 'node:crypto';
import { isActionsError, type EventData, type EventStore, type RecordedEvent } from 'eventstore-actions';

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

export async function readAll(store: EventStore, stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of store.readStream(stream)) events.push(event);
  return events;
}

export const idsOf = async (store: EventStore, stream: string): Promise<readonly string[]> =>
  (await readAll(store, stream)).map(({ id }) => id);
