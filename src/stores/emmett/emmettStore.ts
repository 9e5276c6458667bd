/** The members of an Emmett event store that we use. Emmett's own types fit, of any store and version. */
export interface EmmettStore {
  /** The store's own. @throws the store's errors */
  appendToStream(streamName: string, events: never[], options?: never): Promise<unknown>;
}

/** An event as Emmett's stores take it. Emmett leaves data and metadata to its users. */
export interface EmmettEvent {
  readonly type: string;
  readonly data: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | null;
}

/** The parts of a store that are intercepted, as they are called. */
export interface HookedStore {
  appendToStream(
    streamName: string,
    events: readonly EmmettEvent[],
    options?: object,
    ...more: unknown[]
  ): Promise<unknown>;
  withSession?: WithSession;
}

export interface Session {
  readonly eventStore: HookedStore;
}

/** Calls back with a session, whose store may be another object than the one it was asked of. */
export type WithSession = (
  callback: (session: Session, ...more: unknown[]) => unknown,
  ...more: unknown[]
) => unknown;
