import type { Path } from './places.js';

/** A public function, how it is rightly called, and what is special about it. */
export interface Row {
  /** Right arguments, whole: every option is among them. */
  readonly args: readonly unknown[];
  readonly call: (...args: never[]) => unknown;
  /** Objects among the arguments whose members are the user's to name: data, headers, keys by id. */
  readonly open?: readonly Path[];
  /** Objects that this library or another one made: replaced as a whole, and not looked into. */
  readonly whole?: readonly Path[];
  /** Places that take values of other kinds besides. */
  readonly lenient?: readonly Path[];
  /** Arguments that a framework passes, by their place. */
  readonly fixed?: readonly number[];
  /** Errors of another library's store come out as they are. */
  readonly isForeign?: boolean;
}

/** By the name of the function, as documents write it. */
export type Rows = Readonly<Record<string, Row>>;

/** What the functions of a subpath are tried in. */
export interface Scene {
  readonly rows: Rows;
  /** Objects of the subpath, each of whose functions is among the rows, by their name there. */
  readonly made: Readonly<Record<string, object>>;
  /** What is counted: calls that were dialled, events and files that were written. */
  effects(): Promise<number>;
}
