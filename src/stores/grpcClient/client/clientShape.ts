/** By shape: an application may have another copy of the package than this library sees. */
export function hasMethod(client: object, member: string): boolean {
  return typeof (client as Readonly<Record<string, unknown>>)[member] === 'function';
}

/** What both clients have. */
export const commonMembers = [
  'appendToStream',
  'readStream',
  'readAll',
  'subscribeToAll',
  'tombstoneStream',
  'dispose',
] as const;

/** Every version has the bridge that it reads through; those before 1.1 have no `multiStreamAppend`. */
export const isKurrentDBClient = (client: object): boolean =>
  'rustClient' in client || hasMethod(client, 'multiStreamAppend');
