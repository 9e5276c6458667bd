/** How a value arrives: text, or bytes where the pool asks for binary results. */
type RawValue = string | Buffer;

const textOf = (value: RawValue): string => (typeof value === 'string' ? value : value.toString('utf8'));

/** The types of the columns that are read, by the numbers that PostgreSQL gives them; any other type is read as text. */
const parsers: ReadonlyMap<number, (value: RawValue) => unknown> = new Map<
  number,
  (value: RawValue) => unknown
>([
  [16, (value) => (typeof value === 'string' ? value === 't' : value[0] === 1)],
  [23, (value) => (typeof value === 'string' ? Number(value) : value.readInt32BE(0))],
  [701, (value) => (typeof value === 'string' ? Number(value) : value.readDoubleBE(0))],
]);

/** Takes the place of `pg.types`, which the whole process shares and anyone may change. */
export const ownTypes = {
  getTypeParser: (type: number): ((value: RawValue) => unknown) => parsers.get(type) ?? textOf,
};
