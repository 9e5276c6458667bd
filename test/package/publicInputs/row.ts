import type { Path } from './places.js';

/** A public function with right arguments and its exceptions. */
export interface Row {
  /** Right arguments, with every option. */
  readonly args: readonly unknown[];
  readonly call: (...args: never[]) => unknown;
  /** Objects among the arguments whose members the user names: data, headers, keys by id. */
  readonly open?: readonly Path[];
  /** Objects that this library or another one made: they are replaced only as a whole. */
  readonly whole?: readonly Path[];
  /** Places that also take values of other kinds. */
  readonly lenient?: readonly Path[];
  /** Arguments that a framework passes, by their place. */
  readonly fixed?: readonly number[];
  /** Whether errors of another library's store pass unchanged. */
  readonly isForeign?: boolean;
}

/** The rows by the name of the function, as documents write it. */
export type Rows = Readonly<Record<string, Row>>;

/** The surroundings in which the functions of a subpath are tried. */
export interface Scene {
  readonly rows: Rows;
  /** Objects of the subpath, each of whose functions is among the rows, by their name there. */
  readonly made: Readonly<Record<string, object>>;
  /** Whether the functions call, write and open nothing at all, so that their errors need not say so. */
  readonly isPure?: boolean;
  /** The counts of effects: dialled calls, and written events and files. */
  effects(): Promise<number>;
}
