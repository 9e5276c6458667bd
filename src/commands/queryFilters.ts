import { z } from 'zod';
import { occurrenceKinds, type Condition } from '../execution/condition.js';
import { longestName, targetTypes } from '../target/settings.js';
import type { TargetType } from '../target/targetSchemas.js';

/** A filter of names; every given member has to match. At least one is given. */
export interface NameFilter {
  /** The whole name. Absent: any. */
  readonly equals?: string;
  /** A part of the name. Absent: any. */
  readonly contains?: string;
  /** The beginning of the name. Absent: any. */
  readonly startsWith?: string;
  /** The end of the name. Absent: any. */
  readonly endsWith?: string;
  /** Whether upper and lower case are the same. @defaultValue `false` */
  readonly ignoreCase?: boolean;
}

/** A filter of targets; every given member has to match. After ZITADEL's `ListTargets`. */
export interface TargetFilter {
  /** The filter of names. Absent: any. */
  readonly name?: NameFilter;
  /** One of these. At most 1 000. Absent: any. */
  readonly ids?: readonly string[];
  /** The type of the target. Absent: any. */
  readonly type?: TargetType;
}

/** A filter of executions; every given member has to match. After ZITADEL's `ListExecutions`. */
export interface ExecutionFilter {
  /** One of these. At most 1 000. Absent: any. */
  readonly conditions?: readonly Condition[];
  /** The kind of the condition. Absent: any. */
  readonly type?: 'request' | 'response' | 'function' | 'event';
  /** Executions whose list names this target, by its id. Absent: any. */
  readonly target?: string;
  /** Executions whose list includes this execution directly. Absent: any. */
  readonly include?: Condition;
  /** Executions that call this target, by its id, includes expanded. Absent: any. */
  readonly calls?: string;
  /** `true`: executions that call no target; `false`: executions that call at least one. Absent: both. */
  readonly callsNothing?: boolean;
}

/** Smallest first, or largest first. */
export type SortDirection = 'ascending' | 'descending';
/** The fields that executions can be sorted by. */
export const executionSortFields = ['id', 'created', 'changed'] as const;
/** The field to sort executions by. */
export type ExecutionSortField = (typeof executionSortFields)[number];
/** The fields that targets can be sorted by. */
export const targetSortFields = [
  ...executionSortFields,
  ...(['name', 'type', 'endpoint', 'timeoutMs', 'interruptOnError'] as const),
] as const;
/** The field to sort targets by. */
export type TargetSortField = (typeof targetSortFields)[number];

/** Which part of a list to show. */
interface PageQuery {
  /** How many rows are skipped before the first row of the page. @defaultValue 0 */
  readonly offset?: number;
  /** The most rows of a page: 1 to 10 000. @defaultValue 100 */
  readonly limit?: number;
}

/** Which targets to list, in which order. */
export interface TargetQuery extends PageQuery {
  /** A list of filters lets through what each of them does. At most 100. Absent: all targets. */
  readonly filter?: TargetFilter | readonly TargetFilter[];
  /**
   * Names are sorted regardless of case; types as webhook, requestResponse, async; equal rows are sorted by id.
   *
   * @defaultValue by id, ascending
   */
  readonly sort?: { readonly by?: TargetSortField; readonly direction?: SortDirection };
}

/** Which executions to list, in which order. */
export interface ExecutionQuery extends PageQuery {
  /** A list of filters lets through what each of them does. At most 100. Absent: all executions. */
  readonly filter?: ExecutionFilter | readonly ExecutionFilter[];
  /** The order; equal rows are sorted by id. @defaultValue by id, ascending */
  readonly sort?: { readonly by?: ExecutionSortField; readonly direction?: SortDirection };
}

const text = z.string().min(1).max(200);
const nameText = z.string().min(1).max(longestName);
const most = 1_000;
const mostRows = 10_000;
const mostFilters = 100;

const name = z
  .strictObject({
    equals: nameText.optional(),
    contains: nameText.optional(),
    startsWith: nameText.optional(),
    endsWith: nameText.optional(),
    ignoreCase: z.boolean().default(false),
  })
  .refine(
    ({ ignoreCase: _ignoreCase, ...wanted }) => Object.values(wanted).some((value) => value !== undefined),
    'at least one of equals, contains, startsWith, endsWith',
  );

/** `executionID` judges conditions. */
const condition = z.custom<Condition>(
  (value) => typeof value === 'object' && value !== null,
  'a condition, such as { event: { group: "order" } }',
);

const page = {
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(mostRows).default(100),
};
const direction = z.enum(['ascending', 'descending']).default('ascending');
const sortBy = <Field extends string>(fields: readonly [Field, ...Field[]], first: NoInfer<Field>) =>
  z.strictObject({ by: z.enum(fields).default(first as never), direction }).prefault({});

/** One filter, or a list of filters. A union would hide which field of a filter is wrong. */
const filters = <Filter extends z.ZodType>(filter: Filter) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(filter).max(mostFilters).default([]),
  );

const targetFilter = z.strictObject({
  name: name.optional(),
  ids: z.array(text).max(most).optional(),
  type: z.enum(targetTypes).optional(),
});

export const targetQuery = z.strictObject({
  ...page,
  filter: filters(targetFilter),
  sort: sortBy(targetSortFields, 'id'),
});

const executionFilter = z.strictObject({
  conditions: z.array(condition).max(most).optional(),
  type: z.enum(occurrenceKinds).optional(),
  target: text.optional(),
  include: condition.optional(),
  calls: text.optional(),
  callsNothing: z.boolean().optional(),
});

export const executionQuery = z.strictObject({
  ...page,
  filter: filters(executionFilter),
  sort: sortBy(executionSortFields, 'id'),
});

/** Whether a name matches the filter. */
export function matchesName(wanted: z.output<typeof name>, actual: string): boolean {
  const fold = (value: string) => (wanted.ignoreCase ? value.toLowerCase() : value);
  const found = fold(actual);
  const { equals, contains, startsWith, endsWith } = wanted;
  return (
    (equals === undefined || found === fold(equals)) &&
    (contains === undefined || found.includes(fold(contains))) &&
    (startsWith === undefined || found.startsWith(fold(startsWith))) &&
    (endsWith === undefined || found.endsWith(fold(endsWith)))
  );
}
