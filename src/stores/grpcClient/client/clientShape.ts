/** Checks by shape: an application may load another copy of the package than this library. */
export function hasMethod(client: object, member: string): boolean {
  return typeof (client as Readonly<Record<string, unknown>>)[member] === 'function';
}

/** The members that both clients have. */
export const commonMembers = [
  'appendToStream',
  'readStream',
  'readAll',
  'subscribeToAll',
  'tombstoneStream',
  'dispose',
] as const;

/** Every version of the client has the bridge for its reads; versions before 1.1 have no `multiStreamAppend`. */
export const isKurrentDBClient = (client: object): boolean =>
  'rustClient' in client || hasMethod(client, 'multiStreamAppend');
