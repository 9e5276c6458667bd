import type { Column } from './columns.js';

/** A statement that grows, and its parameters in order. */
export class Statement {
  readonly values: unknown[] = [];
  readonly #steps: string[] = [];

  /** The place of a parameter. */
  value(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** A step of the statement: a named query that the ones after it may read. */
  step(name: string, sql: string): void {
    this.#steps.push(`${name} AS (${sql})`);
  }

  /** Rows to write, as a table with their columns. */
  rows<Data>(columns: readonly Column<Data>[], data: readonly Data[]): string {
    const lists = columns.map(({ type, of }) => this.value(data.map(of), `${type}[]`));
    return `unnest(${lists.join(', ')}) AS new (${namesOf(columns)})`;
  }

  /** All steps, each of which is carried out, then a query. */
  text(query: string): string {
    return `WITH ${this.#steps.join(',\n')}\n${query}`;
  }
}

export const namesOf = (columns: readonly Column<never>[]): string =>
  columns.map(({ name }) => name).join(', ');

/** Replaces what a row with the same key says. */
export const replacing = (columns: readonly Column<never>[], key: string): string =>
  `ON CONFLICT (${key}) DO UPDATE SET ${columns.map(({ name }) => `${name} = excluded.${name}`).join(', ')}`;
