import type { TargetSettings } from '../../../wire/targets.js';

export const types: readonly (readonly [value: TargetSettings['type'], text: string])[] = [
  ['requestResponse', 'request and response: may amend and refuse'],
  ['webhook', 'webhook: may refuse'],
  ['async', 'async: is told, and never waited for'],
];

export const payloadTypes: readonly (readonly [value: TargetSettings['payloadType'], text: string])[] = [
  ['json', 'JSON'],
  ['jwt', 'JWT, signed'],
  ['jwe', 'JWE, signed and encrypted'],
];

export const deliveryKinds: readonly (readonly [value: TargetSettings['delivery'], text: string])[] = [
  ['inline', 'with the operation, once'],
  ['durable', 'after the commit, until it answers'],
];

export const enforcements: readonly (readonly [value: TargetSettings['enforcement'], text: string])[] = [
  ['enforce', 'enforced: what it says applies'],
  ['observe', 'observed: only recorded'],
];

export const orders: readonly (readonly [value: TargetSettings['order'], text: string])[] = [
  ['stream', 'by stream'],
  ['strict', 'strict: one after another'],
  ['none', 'none'],
];

export const typeName: Readonly<Record<TargetSettings['type'], string>> = {
  requestResponse: 'request/response',
  webhook: 'webhook',
  async: 'async',
};
