import * as root from '../../../../../src/index.js';
import { call } from '../../call.js';
import type { Rows } from '../../row.js';
import { method, priced, signal, type Made } from './made.js';

/** The functions that call targets, and those that observe the calls. */
export function operationsRows({ actions, network, targetID: id }: Made): Rows {
  const caller = {
    instanceID: 'default',
    orgID: 'o',
    projectID: 'p',
    userID: 'u',
    requestID: 'r',
    fullMethod: method,
    depth: 0,
  };
  return {
    'actions.intercept': call(actions.intercept, [root.memoryEventStore()], { whole: [[0]] }),
    'actions.request': call(actions.request, [method, { total: 1 }, { signal }], { open: [[1]] }),
    'actions.response': call(actions.response, [method, { total: 1 }, { total: 2 }, { signal }], {
      open: [[1], [2]],
    }),
    'actions.function': call(actions.function, ['priced', { total: 1 }, { signal }], { open: [[1]] }),
    'actions.function with a definition': call(actions.function, [priced, { total: 1 }, { signal }], {
      open: [[1]],
      lenient: [[0]],
    }),
    'actions.calls.list': call(actions.calls.list, [
      { targetID: id, condition: 'event', verdict: 'passed', since: new Date(0), limit: 1 },
    ]),
    // `subscribe` checks its options at once, and waits only for the first call.
    'actions.calls.subscribe': call(
      (options) => void actions.calls.subscribe(options),
      [{ targetID: id, condition: 'event', verdict: 'passed', signal }],
    ),
    'actions.catalogue': call(actions.catalogue, []),
    'actions.runAs': call(actions.runAs, [caller, () => 1]),
    'actions.explain': call(actions.explain, [{ event: 'order.placed' }]),
    'actions.rehearse': call(
      actions.rehearse,
      [
        { event: 'order.placed' },
        {
          content: { total: 1 },
          request: null,
          stream: 'order-1',
          sequence: 1n,
          createdAt: new Date(),
          targets: [id],
          enforce: true,
          operationID: 'a',
          send: true,
          signal,
        },
      ],
      {
        open: [
          [1, 'content'],
          [1, 'request'],
        ],
      },
    ),
    'actions.rehearse of a response': call(
      actions.rehearse,
      [{ response: method }, { content: { total: 1 }, request: { total: 0 }, send: true }],
      {
        open: [
          [1, 'content'],
          [1, 'request'],
        ],
      },
    ),
    'actions.jwks': call(actions.jwks, []),
    'actions.verificationKeys': call(actions.verificationKeys, []),
    'actions.ready': call(actions.ready, []),
    'actions.whenApplied': call(actions.whenApplied, [1n, { signal }]),
    'actions.health': call(actions.health, []),
    'actions.rebuild': call(actions.rebuild, [{ onProgress: () => undefined, signal }]),
    'actions.verify': call(actions.verify, [{ onProgress: () => undefined, signal }]),
    'actions.reencrypt': call(actions.reencrypt, [{ onProgress: () => undefined, signal }]),
    'actions.network.explain': call(actions.network.explain, ['http://127.0.0.1:8080/'], { lenient: [[0]] }),
    'actions.network.change': call(actions.network.change, [network], { lenient: [[0]] }),
  };
}
