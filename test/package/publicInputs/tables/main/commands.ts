import { ecPair } from '../../../../support/publicKeys.js';
import { call } from '../../call.js';
import type { Rows } from '../../row.js';
import { group, targetNamed, type Made } from './made.js';

/** Commands and queries. */
export function commandsRows({ actions, targetID: id, keyID }: Made): Rows {
  const page = { offset: 0, limit: 10 };
  return {
    'actions.targets.add': call(actions.targets.add, [targetNamed('added')], { open: [[0, 'headers']] }),
    'actions.targets.change': call(
      actions.targets.change,
      [id, { timeoutMs: 900, headers: { 'x-tenant': null }, rotateSigningKey: { graceMs: 1 } }],
      { open: [[1, 'headers']] },
    ),
    'actions.targets.previewChange': call(
      actions.targets.previewChange,
      [id, { timeoutMs: 800, headers: { 'x-tenant': null }, rotateSigningKey: { graceMs: 1 } }],
      { open: [[1, 'headers']] },
    ),
    'actions.targets.remove': call(actions.targets.remove, ['missing', { ifRevision: null }]),
    'actions.targets.rotateSigningKey': call(actions.targets.rotateSigningKey, [id, { graceMs: 1 }]),
    'actions.targets.get': call(actions.targets.get, [id]),
    'actions.targets.list': call(actions.targets.list, [
      {
        ...page,
        sort: { by: 'name', direction: 'ascending' },
        filter: [
          { name: { equals: 'a', contains: 'a', startsWith: 'a', endsWith: 'a', ignoreCase: true } },
          { ids: [id], type: 'webhook' },
        ],
      },
    ]),
    'actions.targets.keys.add': call(actions.targets.keys.add, [
      id,
      { publicKey: ecPair().pem, keyID: 'another', expiresAt: new Date(Date.now() + 1_000_000) },
    ]),
    'actions.targets.keys.activate': call(actions.targets.keys.activate, [id, keyID]),
    'actions.targets.keys.deactivate': call(actions.targets.keys.deactivate, [id, keyID]),
    'actions.targets.keys.remove': call(actions.targets.keys.remove, [id, 'missing']),
    'actions.targets.keys.inspect': call(actions.targets.keys.inspect, [ecPair().pem]),
    'actions.targets.keys.list': call(actions.targets.keys.list, [id]),

    'actions.executions.set': call(actions.executions.set, [
      group,
      [id, { include: { event: { all: true } } }],
    ]),
    'actions.executions.remove': call(actions.executions.remove, [
      { event: { event: 'missing' } },
      { ifRevision: null },
    ]),
    'actions.executions.assertKnown': call(actions.executions.assertKnown, [group]),
    'actions.executions.get': call(actions.executions.get, [{ event: { all: true } }]),
    'actions.executions.list': call(actions.executions.list, [
      {
        ...page,
        sort: { by: 'id', direction: 'ascending' },
        filter: [
          { conditions: [group], type: 'event', target: id, include: group, calls: id, callsNothing: false },
        ],
      },
    ]),
  };
}
