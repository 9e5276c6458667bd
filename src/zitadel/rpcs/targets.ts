import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import type {
  Actions,
  NameFilter,
  PayloadType,
  TargetFilter,
  TargetSortField,
  TargetView,
} from '../../index.js';
import { durationOf, millisecondsOf, timestampOf } from '../wire/convert.js';
import {
  PayloadType as WirePayloadType,
  TargetFieldName,
  type CreateTargetRequest,
  type TargetNameFilter,
  type TargetSchema,
  type TargetSearchFilter,
  type UpdateTargetRequest,
} from '../generated/action_v2_pb.js';
import { TextFilterMethod } from '../generated/filter_v2_pb.js';
import { pageOf, pagingOf } from '../wire/paging.js';
import { serviceError } from '../wire/serviceError.js';
import type { Rpcs } from './rpcs.js';
import { longestTargetID, longestTimeoutMs, settingDefaults } from '../../target/settings.js';

/** The payload types of the wire. */
const payloadTypes: Readonly<Record<PayloadType, WirePayloadType>> = {
  json: WirePayloadType.JSON,
  jwt: WirePayloadType.JWT,
  jwe: WirePayloadType.JWE,
};

/** `undefined` for an unspecified value and for an unknown number. */
const payloadTypeOf = (wire: WirePayloadType): PayloadType | undefined =>
  (Object.keys(payloadTypes) as PayloadType[]).find((type) => payloadTypes[type] === wire);

/** The type of a target, with `interruptOnError`, which is part of it in ZITADEL. `undefined` where none was sent. */
function typeOf({
  case: chosen,
  value,
}: CreateTargetRequest['targetType'] | UpdateTargetRequest['targetType']) {
  switch (chosen) {
    case 'restWebhook':
      return { type: 'webhook', interruptOnError: value.interruptOnError } as const;
    case 'restCall':
      return { type: 'requestResponse', interruptOnError: value.interruptOnError } as const;
    case 'restAsync':
      return { type: 'async', interruptOnError: false } as const;
    case undefined:
      return undefined;
  }
}

function targetTypeOf({
  type,
  interruptOnError,
}: TargetView): NonNullable<MessageInitShape<typeof TargetSchema>['targetType']> {
  if (type === 'webhook') return { case: 'restWebhook', value: { interruptOnError } };
  if (type === 'requestResponse') return { case: 'restCall', value: { interruptOnError } };
  return { case: 'restAsync', value: {} };
}

/** The signing key is shown once, when it is drawn; here it stays empty. */
const wireTarget = (target: TargetView): MessageInitShape<typeof TargetSchema> => ({
  id: target.id,
  creationDate: timestampOf(target.created),
  changeDate: timestampOf(target.changed),
  name: target.name,
  targetType: targetTypeOf(target),
  timeout: durationOf(target.timeoutMs),
  endpoint: target.endpoint,
  payloadType: payloadTypes[target.payloadType],
});

function timeoutOf({ timeout }: CreateTargetRequest | UpdateTargetRequest): number | undefined {
  if (!timeout) return undefined;
  const timeoutMs = millisecondsOf(timeout);
  if (timeoutMs > 0) return timeoutMs;
  throw serviceError(
    Code.InvalidArgument,
    'Errors.Target.NoTimeout',
    'COMMAND-39f35d8uri',
    `a timeout is more than 0 s and at most ${longestTimeoutMs / 1_000} s; leave it out for ${settingDefaults.timeoutMs / 1_000} s`,
  );
}

const nameTests: Readonly<Record<number, (text: string) => NameFilter>> = {
  [TextFilterMethod.EQUALS]: (equals) => ({ equals }),
  [TextFilterMethod.EQUALS_IGNORE_CASE]: (equals) => ({ equals, ignoreCase: true }),
  [TextFilterMethod.STARTS_WITH]: (startsWith) => ({ startsWith }),
  [TextFilterMethod.STARTS_WITH_IGNORE_CASE]: (startsWith) => ({ startsWith, ignoreCase: true }),
  [TextFilterMethod.CONTAINS]: (contains) => ({ contains }),
  [TextFilterMethod.CONTAINS_IGNORE_CASE]: (contains) => ({ contains, ignoreCase: true }),
  [TextFilterMethod.ENDS_WITH]: (endsWith) => ({ endsWith }),
  [TextFilterMethod.ENDS_WITH_IGNORE_CASE]: (endsWith) => ({ endsWith, ignoreCase: true }),
};

function nameFilterOf({ targetName, method }: TargetNameFilter): TargetFilter {
  const test = nameTests[method] ?? nameTests[TextFilterMethod.EQUALS];
  if (targetName !== '') return test ? { name: test(targetName) } : {};
  // Every name contains the empty text, and none equals it.
  const isEquality = test?.('').equals !== undefined;
  return isEquality ? { ids: [] } : {};
}

/** Well-formed ids of targets; no target has any other. */
export const possibleIDs = (ids: readonly string[]): readonly string[] =>
  ids.filter((id) => id !== '' && id.length <= longestTargetID);

function filterOf({ filter }: TargetSearchFilter): TargetFilter {
  if (filter.case === 'targetNameFilter') return nameFilterOf(filter.value);
  if (filter.case === 'inTargetIdsFilter') return { ids: possibleIDs(filter.value.targetIds) };
  return {};
}

const sortFields: Readonly<Record<number, TargetSortField>> = {
  [TargetFieldName.ID]: 'id',
  [TargetFieldName.CREATED_DATE]: 'created',
  [TargetFieldName.CHANGED_DATE]: 'changed',
  [TargetFieldName.NAME]: 'name',
  [TargetFieldName.TARGET_TYPE]: 'type',
  [TargetFieldName.URL]: 'endpoint',
  [TargetFieldName.TIMEOUT]: 'timeoutMs',
  [TargetFieldName.INTERRUPT_ON_ERROR]: 'interruptOnError',
};

const defaultLimit = 100;

export function targetRpcs({ targets }: Pick<Actions, 'targets'>) {
  return {
    async createTarget(request) {
      const timeoutMs = timeoutOf(request);
      const payloadType = payloadTypeOf(request.payloadType);
      const { id, signingKey, changed } = await targets.add({
        name: request.name,
        endpoint: request.endpoint,
        // The field rules have checked that there is one.
        ...(typeOf(request.targetType) ?? { type: 'webhook' as const }),
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(payloadType && { payloadType }),
      });
      return { id, signingKey, ...(changed && { creationDate: timestampOf(changed) }) };
    },

    async updateTarget(request) {
      const { name, endpoint, expirationSigningKey } = request;
      const timeoutMs = timeoutOf(request);
      const payloadType = payloadTypeOf(request.payloadType);
      const { changed, signingKey } = await targets.change(request.id, {
        ...(name !== undefined && { name }),
        ...(endpoint !== undefined && { endpoint }),
        ...typeOf(request.targetType),
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(payloadType && { payloadType }),
        ...(expirationSigningKey && { rotateSigningKey: { graceMs: millisecondsOf(expirationSigningKey) } }),
      });
      return {
        ...(changed && { changeDate: timestampOf(changed) }),
        ...(signingKey !== undefined && { signingKey }),
      };
    },

    async deleteTarget({ id }) {
      const { changed } = await targets.remove(id);
      return changed ? { deletionDate: timestampOf(changed) } : {};
    },

    async getTarget({ id }) {
      return { target: wireTarget(await targets.get(id)) };
    },

    async listTargets({ pagination, sortingColumn, filters }) {
      const paging = pagingOf(pagination, defaultLimit);
      const by = sortFields[sortingColumn ?? TargetFieldName.UNSPECIFIED] ?? 'created';
      const { total, items } = await targets.list({
        filter: filters.map(filterOf),
        sort: { by, direction: paging.direction },
        offset: paging.offset,
        limit: paging.limit,
      });
      return { pagination: pageOf(total, paging), targets: items.map(wireTarget) };
    },
  } satisfies Partial<Rpcs>;
}
