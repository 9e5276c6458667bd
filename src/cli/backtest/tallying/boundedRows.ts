/** Counts by name with a limited number of rows: all further names share one row. */
interface BoundedRows<Row> {
  of(name: string): Row;
  /** The rows in the order of their first use. The shared row comes last and has no name. */
  all(): readonly (readonly [name: string | undefined, row: Row])[];
}

export function createBoundedRows<Row>(most: number, create: () => Row): BoundedRows<Row> {
  const rows = new Map<string, Row>();
  let rest: Row | undefined;
  return {
    of(name) {
      let row = rows.get(name);
      if (row) return row;
      if (rows.size >= most) return (rest ??= create());
      rows.set(name, (row = create()));
      return row;
    },
    all: () => [...rows, ...(rest === undefined ? [] : [[undefined, rest] as const])],
  };
}
