import { create } from '@bufbuild/protobuf';
import type { Condition } from '../../index.js';
import { wireCondition } from '../../zitadel/rpcs/executions.js';
import {
  CreateTargetRequestSchema,
  SetExecutionRequestSchema,
  UpdateTargetRequestSchema,
} from '../../zitadel/generated/action_v2_pb.js';
import { durationOf } from '../../zitadel/wire/convert.js';
import { checkFields } from '../../zitadel/wire/fieldRules.js';
import type { TargetSettings } from '../wire/targets.js';

// Applies the field rules of the ActionService. Its messages lack the settings of this library and revisions, so the
// message is only checked, and one command makes the whole change.

type Settings = { readonly [Name in 'name' | 'endpoint' | 'timeoutMs']?: TargetSettings[Name] | undefined };

/** Leaves out values of other types, which the command refuses. */
const fieldsOf = ({ name, endpoint, timeoutMs }: Settings) => ({
  ...(typeof name === 'string' && { name }),
  ...(typeof endpoint === 'string' && { endpoint }),
  ...(typeof timeoutMs === 'number' && Number.isFinite(timeoutMs) && { timeout: durationOf(timeoutMs) }),
});

/** @throws {@link InvalidArgumentError} */
export function checkNewTarget(settings: Settings): void {
  const targetType = { case: 'restWebhook' as const, value: {} };
  checkFields(
    CreateTargetRequestSchema,
    create(CreateTargetRequestSchema, { targetType, ...fieldsOf(settings) }),
    'v2',
  );
}

/** @throws {@link InvalidArgumentError} */
export function checkChangedTarget(id: string, settings: Settings): void {
  checkFields(
    UpdateTargetRequestSchema,
    create(UpdateTargetRequestSchema, { id, ...fieldsOf(settings) }),
    'v2',
  );
}

/** @throws {@link InvalidArgumentError} */
export function checkExecution(condition: Condition, targets: readonly string[]): void {
  checkFields(
    SetExecutionRequestSchema,
    create(SetExecutionRequestSchema, {
      condition: { conditionType: wireCondition(condition) },
      targets: [...targets],
    }),
    'v2',
  );
}
