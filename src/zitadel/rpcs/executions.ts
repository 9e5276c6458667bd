import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  isActionsError,
  type Actions,
  type Condition,
  type ExecutionFilter,
  type ExecutionSortField,
  type ExecutionView,
  type MethodCondition,
} from '../../index.js';
import { InvalidArgumentError } from '../../errors.js';
import { timestampOf } from '../wire/convert.js';
import {
  ExecutionFieldName,
  ExecutionType,
  type Condition as WireCondition,
  type ConditionSchema,
  type ExecutionSchema,
  type ExecutionSearchFilter,
  type RequestExecution,
  type ResponseExecution,
} from '../generated/action_v2_pb.js';
import { pageOf, pagingOf } from '../wire/paging.js';
import type { Rpcs } from './rpcs.js';
import { possibleIDs } from './targets.js';

function methodCondition({ condition }: RequestExecution | ResponseExecution): MethodCondition {
  if (condition.case === 'method') return { method: condition.value };
  return condition.case === 'service' ? { service: condition.value } : { all: true };
}

/** The field rules have checked that each choice is set. */
function conditionOf({ conditionType }: WireCondition): Condition {
  switch (conditionType.case) {
    case 'request':
      return { request: methodCondition(conditionType.value) };
    case 'response':
      return { response: methodCondition(conditionType.value) };
    case 'function':
      return { function: { name: conditionType.value.name } };
    case 'event': {
      const { condition } = conditionType.value;
      if (condition.case === 'event') return { event: { event: condition.value } };
      return { event: condition.case === 'group' ? { group: condition.value } : { all: true } };
    }
    case undefined:
      throw new InvalidArgumentError('the condition is empty; nothing was written');
  }
}

type WireInit = NonNullable<MessageInitShape<typeof ConditionSchema>['conditionType']>;

function wireMethod(condition: MethodCondition) {
  // With a leading slash, as ZITADEL shows it.
  if ('method' in condition)
    return { case: 'method', value: `/${condition.method.replace(/^\//, '')}` } as const;
  return 'service' in condition
    ? ({ case: 'service', value: condition.service } as const)
    : ({ case: 'all', value: true } as const);
}

/** A condition as the wire writes it. */
export function wireCondition(condition: Condition): WireInit {
  if ('request' in condition) return { case: 'request', value: { condition: wireMethod(condition.request) } };
  if ('response' in condition)
    return { case: 'response', value: { condition: wireMethod(condition.response) } };
  if ('function' in condition) return { case: 'function', value: condition.function };
  const { event } = condition;
  if ('event' in event) return { case: 'event', value: { condition: { case: 'event', value: event.event } } };
  if ('group' in event)
    return {
      case: 'event',
      value: { condition: { case: 'group', value: event.group.replace(/\.\*$/, '') } },
    };
  return { case: 'event', value: { condition: { case: 'all', value: true } } };
}

/** ZITADEL's lists have no includes: the included targets are shown. */
const wireExecution = (execution: ExecutionView): MessageInitShape<typeof ExecutionSchema> => ({
  condition: { conditionType: wireCondition(execution.condition) },
  creationDate: timestampOf(execution.created),
  changeDate: timestampOf(execution.changed),
  targets: [...execution.calls],
});

const types: Readonly<Record<number, NonNullable<ExecutionFilter['type']>>> = {
  [ExecutionType.REQUEST]: 'request',
  [ExecutionType.RESPONSE]: 'response',
  [ExecutionType.EVENT]: 'event',
  [ExecutionType.FUNCTION]: 'function',
};

function filterOf({ filter }: ExecutionSearchFilter): ExecutionFilter {
  switch (filter.case) {
    case 'inConditionsFilter':
      return { conditions: filter.value.conditions.map(conditionOf) };
    case 'executionTypeFilter': {
      const type = types[filter.value.executionType];
      return type ? { type } : {};
    }
    case 'targetFilter': {
      const [calls] = possibleIDs([filter.value.targetId]);
      return calls === undefined ? { conditions: [] } : { calls };
    }
    case undefined:
      return {};
  }
}

const sortFields: Readonly<Record<number, ExecutionSortField>> = {
  [ExecutionFieldName.ID]: 'id',
  [ExecutionFieldName.CREATED_DATE]: 'created',
  [ExecutionFieldName.CHANGED_DATE]: 'changed',
};

/** More than ZITADEL's 100: its Terraform provider reads only the first page, and takes missing executions for deleted. */
const defaultLimit = 1_000;

const isSame = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((id, place) => id === right[place]);

export function executionRpcs({ executions, catalogue }: Pick<Actions, 'executions' | 'catalogue'>) {
  /** The execution, where its list has an include and expands to exactly these targets. */
  async function includingSame(condition: Condition, targets: readonly string[]): Promise<Date | undefined> {
    const current = await executions.get(condition).catch((error: unknown) => {
      if (isActionsError(error, 'EXECUTION_NOT_FOUND')) return undefined;
      throw error;
    });
    const hasInclude = current?.targets.some((entry) => typeof entry !== 'string');
    return hasInclude === true && isSame(current?.calls ?? [], targets) ? current?.changed : undefined;
  }

  async function set(condition: Condition, targets: readonly string[]): Promise<Date | undefined> {
    await executions.assertKnown(condition);
    if (targets.length === 0) return (await executions.remove(condition)).changed;
    // A client may write back a list that it has read: keep the include in place of a copy of its present targets.
    return (await includingSame(condition, targets)) ?? (await executions.set(condition, targets)).changed;
  }

  return {
    async setExecution({ condition, targets }) {
      if (!condition) throw new InvalidArgumentError('the condition is missing; nothing was written');
      const changed = await set(conditionOf(condition), targets);
      return changed ? { setDate: timestampOf(changed) } : {};
    },

    async listExecutions({ pagination, sortingColumn, filters }) {
      const paging = pagingOf(pagination, defaultLimit);
      const by = sortFields[sortingColumn ?? ExecutionFieldName.UNSPECIFIED] ?? 'created';
      const { total, items } = await executions.list({
        filter: [...filters.map(filterOf), { callsNothing: false }],
        sort: { by, direction: paging.direction },
        offset: paging.offset,
        limit: paging.limit,
      });
      return { pagination: pageOf(total, paging), executions: items.map(wireExecution) };
    },

    listExecutionFunctions: async () => ({ functions: [...catalogue().functions] }),
    listExecutionMethods: async () => ({ methods: [...catalogue().methods] }),
    listExecutionServices: async () => ({ services: [...catalogue().services] }),
  } satisfies Partial<Rpcs>;
}
