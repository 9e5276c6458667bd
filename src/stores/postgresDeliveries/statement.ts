import { namesOf } from '../../deliveries/store/storedRows.js';
import type { Column } from './columns.js';

/** A builder of one statement with its parameters. */
export class Statement {
  readonly values: unknown[] = [];
  readonly #steps: string[] = [];

  /** Adds a parameter and returns its placeholder. */
  value(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  /** Adds a named query, which later steps may read. */
  step(name: string, sql: string): void {
    this.#steps.push(`${name} AS (${sql})`);
  }

  /** Adds rows as parameters and returns a table expression of them. */
  rows<Data>(columns: readonly Column<Data>[], data: readonly Data[]): string {
    const lists = columns.map(({ type, of }) => this.value(data.map(of), `${type}[]`));
    return `unnest(${lists.join(', ')}) AS new (${namesOf(columns)})`;
  }

  /** The text of the statement: all steps, which the server always runs, then a query. */
  text(query: string): string {
    return `WITH ${this.#steps.join(',\n')}\n${query}`;
  }
}

/** The clause that overwrites a row with the same key. */
export const replacing = (columns: readonly Column<never>[], key: string): string =>
  `ON CONFLICT (${key}) DO UPDATE SET ${columns.map(({ name }) => `${name} = excluded.${name}`).join(', ')}`;
