import type { ComponentChildren, VNode } from 'preact';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** The text in place of an empty table. */
  readonly empty: ComponentChildren;
}

/**
 * A table whose rows are cards on a phone. It sets roles, because a table that is not laid out as a table loses its own.
 */
export function DataTable<Row>({ caption, columns, rows, keyOf, empty }: DataTableProps<Row>): VNode {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  return (
    <table role="table" class="data">
      <caption class="hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ title, isNumber }) => (
            <th key={title} role="columnheader" scope="col" class={isNumber ? 'number' : ''}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ title, cell, isNumber }, place) => (
              <td
                key={title}
                role={place === 0 ? 'rowheader' : 'cell'}
                class={isNumber ? 'number' : ''}
                data-title={title}
              >
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
