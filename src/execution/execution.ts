import type { Decider } from '../decider.js';
import { executionEventData } from './executionEventData.js';

// Events

/** One entry of an execution's list: a target, or the whole list of another execution in its place. */
export type ExecutionEntry =
  | { readonly type: 'target'; readonly target: string }
  | { readonly type: 'include'; readonly include: string };

export type ExecutionEvent =
  | { readonly type: 'execution.set'; readonly data: { readonly targets: readonly ExecutionEntry[] } }
  | { readonly type: 'execution.removed'; readonly data: Readonly<Record<string, never>> };

// State

/** An execution exists from its first set, even with an empty list, until it is removed. */
export type Execution =
  { readonly status: 'none' } | { readonly status: 'set'; readonly targets: readonly ExecutionEntry[] };

// Commands

export type ExecutionCommand =
  { readonly type: 'set'; readonly targets: readonly ExecutionEntry[] } | { readonly type: 'remove' };

/** Two entries have the same text only when they are equal. */
export const entryKey = (entry: ExecutionEntry): string =>
  entry.type === 'target' ? `target:${entry.target}` : `include:${entry.include}`;

const sameList = (left: readonly ExecutionEntry[], right: readonly ExecutionEntry[]): boolean =>
  left.length === right.length &&
  left.every((entry, place) => {
    const other = right[place];
    return other !== undefined && entryKey(entry) === entryKey(other);
  });

export const execution: Decider<Execution, ExecutionCommand, ExecutionEvent> = {
  initialState: () => ({ status: 'none' }),

  evolve: (_state, { type, data }) =>
    type === 'execution.set' ? { status: 'set', targets: data.targets } : { status: 'none' },

  decide(command, state) {
    switch (command.type) {
      case 'set':
        if (state.status === 'set' && sameList(state.targets, command.targets)) return [];
        return [{ type: 'execution.set', data: { targets: command.targets } }];
      case 'remove':
        return state.status === 'set' ? [{ type: 'execution.removed', data: {} }] : [];
    }
  },
};

/** The entries of a list, and none where the execution does not exist. */
export const entriesOf = (state: Execution): readonly ExecutionEntry[] =>
  state.status === 'set' ? state.targets : [];

/** The executions that a list includes. */
export const includesOf = (entries: readonly ExecutionEntry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.type === 'include' ? [entry.include] : []));

/** Reads a stored event leniently; `undefined` for a type that is not an execution's. @throws ZodError for malformed data */
export function parseExecutionEvent(type: string, data: unknown): ExecutionEvent | undefined {
  if (!Object.hasOwn(executionEventData, type)) return undefined;
  return { type, data: executionEventData[type as ExecutionEvent['type']].parse(data) } as ExecutionEvent;
}

export const executionStreamPrefix = 'actions.execution-';

export const executionStream = (instanceID: string, executionID: string): string =>
  `${executionStreamPrefix}${instanceID}.${executionID}`;
