/** The members of an Emmett event store that the library uses. The types of every store and version of Emmett fit. */
export interface EmmettStore {
  /** Emmett's `appendToStream`. @throws the store's errors */
  appendToStream(streamName: string, events: never[], options?: never): Promise<unknown>;
}

/** An event as Emmett's stores accept it. Emmett does not restrict data and metadata. */
export interface EmmettEvent {
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/** The members of a store that `interceptEmmett` replaces. */
export interface HookedStore {
  appendToStream(
    streamName: string,
    events: readonly EmmettEvent[],
    options?: object,
    ...more: unknown[]
  ): Promise<unknown>;
  withSession?: WithSession;
}

interface Session {
  readonly eventStore: HookedStore;
}

/** Calls the callback with a session, whose store may be another object than the store that opened the session. */
export type WithSession = (
  callback: (session: Session, ...more: unknown[]) => unknown,
  ...more: unknown[]
) => unknown;
