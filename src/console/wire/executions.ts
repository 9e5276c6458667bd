import type { Kind } from './shared.js';

/** An entry of a list: a target, or the id of an execution whose list stands in its place. */
export type Entry = { readonly target: string } | { readonly include: string };

/** An entry with the name of its target, and whether it exists. */
export type ShownEntry =
  | { readonly target: string; readonly name?: string; readonly missing: boolean }
  | { readonly include: string; readonly missing: boolean };

/**
 * A row of `GET api/executions?after=&limit=&kind=&search=`, of `GET api/executions/tree?kind=&under=&after=&limit=` (the
 * executions right below `under`, or those at the top) and `GET api/executions/one?id=`: needs `readExecutions`.
 */
export interface Execution {
  /** `event/order.*`, `request/pkg.Service/Method` and so on. */
  readonly id: string;
  readonly kind: Kind;
  readonly entries: readonly ShownEntry[];
  /** The targets that the execution calls, with includes expanded. */
  readonly calls: number;
  /** More general executions that do not apply where this execution applies, the most specific first. */
  readonly shadows: readonly string[];
  /** More specific executions that apply in place of this execution where they match. */
  readonly shadowedBy: {
    readonly count: number;
    /** At most 10 of them. */
    readonly ids: readonly string[];
  };
  /** The executions directly below this one in the tree. */
  readonly children: number;
  readonly created: string;
  readonly changed: string;
  /** The revision to send with every change, which is answered 409 where the execution has changed since. */
  readonly revision: string;
}

/** `POST api/executions`: needs `writeExecutions`. Answers the {@link Execution}. */
export interface SetExecution {
  readonly id: string;
  readonly entries: readonly Entry[];
  /** `null` for a new execution. */
  readonly revision: string | null;
}

/** `POST api/executions/remove`: needs `writeExecutions`. Answers {@link Done}. */
export interface RemoveExecution {
  readonly id: string;
  readonly revision: string;
}

/** `GET api/catalogue`: needs `readExecutions`. Names to suggest; at most 1 000 of each. */
export interface Catalogue {
  readonly events: readonly string[];
  readonly methods: readonly string[];
  readonly services: readonly string[];
  readonly functions: readonly string[];
}
