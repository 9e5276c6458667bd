/** Checks by shape: an application may load another copy of the package than this library. */
export function hasMethod(client: object, member: string): boolean {
  return typeof (client as Readonly<Record<string, unknown>>)[member] === 'function';
}

/** The members that a client of EventStoreDB or KurrentDB needs to be used here. */
export interface ClientLike {
  /** The client's own. @throws the client's errors */
  appendToStream(stream: string, events: never, options?: never): Promise<unknown>;
  /** The client's own. */
  readStream(stream: string, options?: never): unknown;
  /** The client's own. */
  readAll(options?: never): unknown;
  /** The client's own. */
  subscribeToAll(options?: never): unknown;
  /** The client's own. @throws the client's errors */
  tombstoneStream(stream: string, options?: never): Promise<unknown>;
  /** The client's own. @throws the client's errors */
  dispose(): Promise<void>;
}

export const commonMembers = [
  'appendToStream',
  'readStream',
  'readAll',
  'subscribeToAll',
  'tombstoneStream',
  'dispose',
] as const satisfies readonly (keyof ClientLike)[];

/** Every version of the client has the bridge for its reads; versions before 1.1 have no `multiStreamAppend`. */
export const isKurrentDBClient = (client: object): boolean =>
  'rustClient' in client || hasMethod(client, 'multiStreamAppend');
