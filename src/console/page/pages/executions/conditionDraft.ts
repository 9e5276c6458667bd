import type { Kind } from '../../../wire/shared.js';

export const kinds: readonly (readonly [value: Kind, text: string])[] = [
  ['event', 'events, before they are appended'],
  ['request', 'requests, before they are processed'],
  ['response', 'responses, before they are sent'],
  ['function', 'functions'],
];

type Scope = 'exact' | 'part' | 'all';

export interface ConditionDraft {
  readonly kind: Kind;
  readonly scope: Scope;
  readonly name: string;
}

export function scopesOf(kind: Kind): readonly (readonly [value: Scope, text: string])[] {
  if (kind === 'function') return [['exact', 'one function']];
  if (kind === 'event')
    return [
      ['exact', 'one event'],
      ['part', 'a group of events'],
      ['all', 'all events'],
    ];
  return [
    ['exact', 'one method'],
    ['part', 'all methods of a service'],
    ['all', `all ${kind}s`],
  ];
}

export function hintOf({ kind, scope }: ConditionDraft): string {
  if (kind === 'function') return 'The name of the function, e.g. preaccesstoken.';
  if (kind === 'event')
    return scope === 'part' ? 'The group, e.g. order for order.placed.' : 'The name, e.g. order.placed.';
  return scope === 'part'
    ? 'The service, e.g. orders.v1.OrderService.'
    : 'e.g. orders.v1.OrderService/PlaceOrder.';
}

/** The id of the execution with this condition. */
export function executionID({ kind, scope, name }: ConditionDraft): string {
  const typed = name.trim().replace(/^\//, '');
  if (scope === 'all') return kind;
  if (kind === 'event' && scope === 'part') return `event/${typed.endsWith('.*') ? typed : `${typed}.*`}`;
  return `${kind}/${typed}`;
}
