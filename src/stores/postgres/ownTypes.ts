/** A value from the server: text, or bytes where the pool asks for binary results. */
type RawValue = string | Buffer;

const textOf = (value: RawValue): string => (typeof value === 'string' ? value : value.toString('utf8'));

/** The parsers by PostgreSQL's number of each type; any other type is read as text. */
const parsers: ReadonlyMap<number, (value: RawValue) => unknown> = new Map<
  number,
  (value: RawValue) => unknown
>([
  [16, (value) => (typeof value === 'string' ? value === 't' : value[0] === 1)],
  [23, (value) => (typeof value === 'string' ? Number(value) : value.readInt32BE(0))],
  [701, (value) => (typeof value === 'string' ? Number(value) : value.readDoubleBE(0))],
]);

/** Replaces `pg.types`, which the whole process shares and the application may change. */
export const ownTypes = {
  getTypeParser: (type: number): ((value: RawValue) => unknown) => parsers.get(type) ?? textOf,
};
