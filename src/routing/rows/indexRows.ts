import type { Execution } from '../../execution/execution.js';
import type { Target } from '../../target/target.js';
import type { DatedVersion } from './dates.js';
import type { Place } from './place.js';

/** The aggregates that the index keeps, and their states. */
export interface IndexedStates {
  readonly target: Target;
  readonly execution: Execution;
}

/**
 * The row of one aggregate. The row of a removed aggregate stays until the subscription has delivered its removal: an
 * older event would otherwise bring the aggregate back.
 */
export interface Row<State> extends DatedVersion {
  readonly state: State;
}

/** The place of a row. */
export interface PlaceOf<Kind extends Place['kind']> extends Place {
  readonly kind: Kind;
}

/** The operations of the reducer on the rows of the index, in memory and in SQLite. */
export interface IndexRows {
  get<Kind extends Place['kind']>(place: PlaceOf<Kind>): Row<IndexedStates[Kind]> | undefined;
  put<Kind extends Place['kind']>(place: PlaceOf<Kind>, row: Row<IndexedStates[Kind]>): void;
  delete(place: Place): void;
  /** Notes that the list at `place` includes the execution `included`. */
  include(place: Place, included: string): void;
  /** Undoes {@link include}. */
  exclude(place: Place, included: string): void;
}
