/** Rows by name, for any number of names: above the bound, all further names share one row. */
export interface BoundedRows<Row> {
  of(name: string): Row;
  /** In the order of their first use; the shared row last, without a name. */
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
