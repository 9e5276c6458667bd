const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** A UUID as 32 hex digits without hyphens: Emmett writes ids so since 0.43. */
const bareUUID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;
const nilUUID = '00000000-0000-0000-0000-000000000000';

/** The id as a UUID in lower case with hyphens; `undefined` for the nil UUID and for any other text. */
export function eventIDOf(id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined;
  if (uuid.test(id)) return id === nilUUID ? undefined : id;
  const lower = id.toLowerCase().replace(bareUUID, '$1-$2-$3-$4-$5');
  return uuid.test(lower) && lower !== nilUUID ? lower : undefined;
}
