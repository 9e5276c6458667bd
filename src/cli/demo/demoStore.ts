import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { isActionsError } from '../../errors.js';
import {
  memoryDeliveryStore,
  memoryEventStore,
  type Actions,
  type AppendOptions,
  type AppendResult,
  type DeliveryStore,
  type EventData,
  type EventStore,
  type JSONObject,
} from '../../index.js';
import { openStore } from '../session/openStore.js';

/** The append of an application, which calls the targets first. */
export type Append = (stream: string, event: EventData, options: AppendOptions) => Promise<AppendResult>;

/** The store that the demo runs on. */
export interface DemoStore {
  /** A description for people. */
  readonly description: string;
  /** Why the demo uses a fallback store. */
  readonly warning?: string;
  /** The store of targets and executions, which the checks read. */
  readonly eventStore: EventStore;
  /** The store of the deliveries' progress: a separate file, or memory for events in memory. */
  readonly progress: DeliveryStore;
  /** Keeps the targets of this run apart from those of others in the same store. */
  readonly instanceID: string;
  /** Keeps the streams of this run apart from those of others in the same store. */
  streamName(stream: string): string;
  guardedAppend(actions: Actions): Promise<Append>;
  close(): Promise<void>;
}

const onPort = async (actions: Actions, eventStore: EventStore): Promise<Append> => {
  const guarded = actions.intercept(eventStore);
  return (stream, event, options) => guarded.append(stream, [event], options);
};

/** Wraps the client as a service does: its appends call the targets. */
async function onClient(actions: Actions, client: EventStoreDBClient): Promise<Append> {
  const { jsonEvent, NO_STREAM } = await import('@eventstore/db-client');
  const { interceptClient } = await import('../../stores/eventStoreDB/index.js');
  const guarded = interceptClient(client, actions);
  return async (stream, { id, type, data }, { expectedVersion, signal }) => {
    signal?.throwIfAborted();
    const event = jsonEvent({ ...(id !== undefined && { id }), type, data: data as JSONObject });
    const { nextExpectedRevision } = await guarded.appendToStream(stream, event, {
      expectedRevision: typeof expectedVersion === 'bigint' ? expectedVersion : NO_STREAM,
    });
    return { version: nextExpectedRevision };
  };
}

const ownStore = { instanceID: 'demo', streamName: (stream: string) => stream };

/** The server that a connection string names. */
function serverOf(location: string): string {
  if (location.startsWith('postgres')) return 'PostgreSQL';
  return location.startsWith('esdb') ? 'EventStoreDB' : 'KurrentDB';
}

/**
 * Opens a store of the user. The run leaves there only streams with its own prefix; the progress of deliveries ends with
 * the run.
 */
async function openGiven(location: string): Promise<DemoStore> {
  const { store, client, close } = await openStore(location, true);
  const progress = memoryDeliveryStore();
  const run = randomBytes(4).toString('hex');
  // A connection string may hold a password.
  const shown = location.startsWith('sqlite:') ? location : serverOf(location);
  return {
    progress,
    description: `${shown}, streams named <category>_${run}-..., which stay`,
    eventStore: store,
    instanceID: `demo_${run}`,
    streamName: (stream) => stream.replace('-', `_${run}-`),
    guardedAppend: (actions) => (client === undefined ? onPort(actions, store) : onClient(actions, client)),
    close,
  };
}

function inMemory(warning: string): DemoStore {
  const eventStore = memoryEventStore();
  return {
    ...ownStore,
    description: 'memory',
    progress: memoryDeliveryStore(),
    warning,
    eventStore,
    guardedAppend: (actions) => onPort(actions, eventStore),
    close: () => eventStore.close(),
  };
}

/** Opens an SQLite file in a temporary folder, which `close` removes; memory where SQLite cannot be loaded. */
async function openTemporary(): Promise<DemoStore> {
  const folder = mkdtempSync(join(tmpdir(), 'eventstore-actions-demo-'));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  const path = join(folder, 'events.db');
  try {
    const { store, close } = await openStore(`sqlite:${path}`, true);
    const { sqliteDeliveryStore } = await import('../../stores/sqlite/index.js');
    const progress = sqliteDeliveryStore({ path: join(folder, 'deliveries.db') });
    return {
      ...ownStore,
      progress,
      description: `SQLite, ${path} (temporary)`,
      eventStore: store,
      guardedAppend: (actions) => onPort(actions, store),
      close: () => progress.close().then(close).finally(remove),
    };
  } catch (error) {
    remove();
    if (!isActionsError(error, 'MISSING_DEPENDENCY')) throw error;
    return inMemory(`SQLite does not open here, so the events are kept in memory: ${error.message}`);
  }
}

/** @param location - the value of `--store`; without it, a store that lives as long as the demo */
export const openDemoStore = (location: string | undefined): Promise<DemoStore> =>
  location === undefined ? openTemporary() : openGiven(location);
