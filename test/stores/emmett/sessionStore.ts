import type { EventStore, EventStoreSession, EventStoreSessionFactory } from '@event-driven-io/emmett';

/** Opens sessions as Emmett's store for PostgreSQL does: each with a store object of its own on the same database. */
export interface SessionStore extends EventStore, EventStoreSessionFactory<SessionStore> {
  /** All sessions that are open now. */
  openSessions(): number;
  close(): Promise<void>;
}

interface Database {
  readonly store: EventStore;
  openSessions: number;
}

/** @param store - holds the streams of all sessions */
export const sessionStore = (store: EventStore): SessionStore => connect({ store, openSessions: 0 });

function connect(database: Database): SessionStore {
  const { store } = database;
  return {
    aggregateStream: (stream, options) => store.aggregateStream(stream, options),
    readStream: (stream, options) => store.readStream(stream, options),
    appendToStream: (stream, events, options) => store.appendToStream(stream, events, options),
    streamExists: (stream) => store.streamExists(stream),
    async withSession<Result>(
      callback: (session: EventStoreSession<SessionStore>) => Promise<Result>,
    ): Promise<Result> {
      database.openSessions += 1;
      try {
        return await callback({ eventStore: connect(database), close: () => Promise.resolve() });
      } finally {
        database.openSessions -= 1;
      }
    },
    openSessions: () => database.openSessions,
    close: () => Promise.resolve(),
  };
}
