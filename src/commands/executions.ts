import { z } from 'zod';
import {
  CircularIncludeError,
  ExecutionNotFoundError,
  InvalidArgumentError,
  TargetNotFoundError,
} from '../errors.js';
import { executionID as idOf, type Condition } from '../execution/condition.js';
import {
  entriesOf,
  entryKey,
  execution,
  executionStream,
  type Execution,
  type ExecutionEntry,
} from '../execution/execution.js';
import type { InstanceIndex } from '../routing/conditionIndex.js';
import { assertExpandedSize } from '../execution/expandedSize.js';
import { assertIncludesAllowed, maxIncludeChain } from '../execution/includes.js';
import { targetStream } from '../target/target.js';
import { executionAggregate, targetAggregate } from './aggregates.js';
import type { CommandHandler } from './commandHandler.js';
import { shownType, shownValue } from '../lib/reading/shownValue.js';
import { parseCommand } from '../lib/input.js';
import type { Limits } from '../limits.js';
import { requireRevision, takeChangeOptions, type ChangeOptions } from './revision.js';
import type { CommandResult } from './targets.js';
import { longestTargetID } from '../target/settings.js';

/** An entry of an execution's list: the id of a target, or a condition whose execution is included in its place. */
export type EntryInput = string | { readonly include: Condition };

/** Changes executions. A command that rejects has written nothing, save with {@link OutcomeUnknownError}. */
export interface ExecutionCommands {
  /** Sets the list of an execution, whole. @throws {@link TargetNotFoundError}, {@link ExecutionNotFoundError}, {@link ConditionNotFoundError}, {@link CircularIncludeError}, {@link MaxIncludeDepthError}, {@link ConcurrencyConflictError}, {@link InvalidArgumentError} */
  set(condition: Condition, entries: readonly EntryInput[], options?: ChangeOptions): Promise<CommandResult>;
  /** Removes an execution; removing a missing one succeeds. @throws {@link InvalidArgumentError} for a malformed condition, {@link ConcurrencyConflictError} */
  remove(condition: Condition, options?: ChangeOptions): Promise<CommandResult>;
  /**
   * Checks a condition against the catalogue, as `set` does. Writes nothing.
   *
   * @throws {@link ConditionNotFoundError}, and {@link InvalidArgumentError} for a malformed condition
   */
  assertKnown(condition: Condition): Promise<void>;
}

export interface ExecutionCommandOptions {
  readonly handler: CommandHandler;
  readonly instanceID: () => string;
  /** Finds the executions that include this one; everything else is read from the aggregates. */
  readonly index: (instanceID: string) => InstanceIndex;
  readonly limits: Pick<Limits, 'entries' | 'resolvedTargets'>;
  /** @throws {@link ConditionNotFoundError} for a condition that nothing can meet (rule A6) */
  readonly assertKnown?: (executionID: string) => void;
}

const entrySchema = z.union(
  [
    z.string().min(1).max(longestTargetID),
    z.strictObject({ include: z.custom<Condition>((value) => typeof value === 'object' && value !== null) }),
  ],
  {
    error: ({ input }) =>
      `must be the id of a target or { include: condition }, not ${typeof input === 'string' ? shownValue(input) : shownType(input)}`,
  },
);

function parseEntries(input: unknown, maxEntries: number): readonly ExecutionEntry[] {
  const entries = parseCommand(z.array(entrySchema).max(maxEntries), input, 'the list of targets').map(
    (entry): ExecutionEntry =>
      typeof entry === 'string'
        ? { type: 'target', target: entry }
        : { type: 'include', include: idOf(entry.include) },
  );
  const keys = new Set<string>();
  for (const key of entries.map(entryKey)) {
    if (keys.has(key)) throw new InvalidArgumentError(`the list names ${key} twice; nothing was written`);
    keys.add(key);
  }
  return entries;
}

export function createExecutionCommands(options: ExecutionCommandOptions): ExecutionCommands {
  const { handler, instanceID, index, limits, assertKnown } = options;

  const loadExecution = async (instance: string, id: string): Promise<Execution> =>
    (await handler.load(executionAggregate, executionStream(instance, id))).state;

  async function assertExists(instance: string, entry: ExecutionEntry): Promise<void> {
    if (entry.type === 'include') {
      if ((await loadExecution(instance, entry.include)).status !== 'set')
        throw new ExecutionNotFoundError(entry.include);
      return;
    }
    const { state } = await handler.load(targetAggregate, targetStream(instance, entry.target));
    if (state.status !== 'active') throw new TargetNotFoundError(entry.target);
  }

  /** Reads the lists of the included executions, as deep as a chain of includes may be. */
  async function listsBelow(instance: string, entries: readonly ExecutionEntry[]) {
    const lists = new Map<string, readonly ExecutionEntry[]>();
    let level = entries;
    for (let depth = 0; depth <= maxIncludeChain + 1; depth++) {
      const next: ExecutionEntry[] = [];
      for (const entry of level) {
        if (entry.type !== 'include' || lists.has(entry.include)) continue;
        const list = entriesOf(await loadExecution(instance, entry.include));
        lists.set(entry.include, list);
        next.push(...list);
      }
      level = next;
    }
    return lists;
  }

  async function decideSet(
    instance: string,
    id: string,
    entries: readonly ExecutionEntry[],
    state: Execution,
  ) {
    const events = execution.decide({ type: 'set', targets: entries }, state);
    if (events.length === 0) return events;
    if (entries.some((entry) => entry.type === 'include' && entry.include === id))
      throw new CircularIncludeError([id, id]);
    const known = new Set(entriesOf(state).map(entryKey));
    for (const entry of entries) if (!known.has(entryKey(entry))) await assertExists(instance, entry);
    const lists = await listsBelow(instance, entries);
    assertIncludesAllowed(
      id,
      entries,
      (below) => lists.get(below),
      (included) => index(instance).includedBy(included),
    );
    const above = index(instance);
    assertExpandedSize(
      id,
      {
        entries: (each) => (each === id ? entries : (lists.get(each) ?? above.entries(each))),
        includedBy: (included) => above.includedBy(included),
      },
      limits.resolvedTargets,
    );
    return events;
  }

  return {
    async set(condition, entries, given) {
      const expected = takeChangeOptions(given, 'executions.set');
      const instance = instanceID();
      const id = idOf(condition);
      assertKnown?.(id);
      const parsed = parseEntries(entries, limits.entries);
      const stream = executionStream(instance, id);
      return handler.handle(executionAggregate, stream, instance, (state, version) => {
        requireRevision(expected, { stream, exists: state.status === 'set', version });
        return decideSet(instance, id, parsed, state);
      });
    },

    async assertKnown(condition) {
      assertKnown?.(idOf(condition));
    },

    async remove(condition, given) {
      const expected = takeChangeOptions(given, 'executions.remove');
      const instance = instanceID();
      const id = idOf(condition);
      const stream = executionStream(instance, id);
      const notFound = () => new ExecutionNotFoundError(id);
      return handler.handle(executionAggregate, stream, instance, (state, version) => {
        requireRevision(expected, { stream, exists: state.status === 'set', version, notFound });
        return execution.decide({ type: 'remove' }, state);
      });
    },
  };
}
