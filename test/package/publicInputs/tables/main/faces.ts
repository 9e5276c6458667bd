import axios from 'axios';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import * as root from '../../../../../src/index.js';
import { call } from '../../call.js';
import type { Rows } from '../../row.js';
import { group, method, priced, type Made } from './made.js';

/** The exports of the package. */
export function facesRows({ actions, store, network, jwtKeys, keyring }: Made): Rows {
  const ed25519 = root.generateEd25519SigningKey();
  return {
    createActions: call(
      root.createActions,
      [
        {
          eventStore: root.memoryEventStore(),
          instanceID: 'default',
          keyring,
          network,
          functions: [priced],
          limits: { entries: 10, budgetMs: 1_000, drainMs: 0 },
          schemas: {
            events: { a: z.object({}) },
            requests: { a: z.object({}) },
            responses: { a: z.object({}) },
          },
          catalogue: { events: ['a'], methods: [method], services: ['s'], functions: ['f'] },
          forwardHeaders: ['x-a'],
          eventName: () => 'a',
          mode: 'enforce',
          jwtKeys,
          awaitReady: true,
          now: Date.now,
          generateID: () => 'a',
          generateTargetID: () => 'a',
          ed25519SigningKeys: [ed25519.privateKey],
          axios: axios.create(),
          onCall: () => undefined,
          breaker: { failures: 2, openMs: 1_000 },
          calls: { count: 10, bytes: 1_000, captureBodies: true, redact: ['secret'] },
          proxy: { url: 'http://127.0.0.1:3128' },
          tls: {},
        },
      ],
      {
        open: [
          [0, 'schemas', 'events'],
          [0, 'schemas', 'requests'],
          [0, 'schemas', 'responses'],
          [0, 'jwtKeys', 'keys'],
        ],
        lenient: [[0, 'network']],
        whole: [
          [0, 'eventStore'],
          [0, 'keyring'],
          [0, 'functions', 0],
        ],
      },
    ),
    createDeliveries: call(
      root.createDeliveries,
      [
        {
          actions,
          store: root.memoryDeliveryStore(),
          source: store,
          prefixes: ['order-'],
          caller: () => ({}),
          onDelivery: () => undefined,
        },
      ],
      {
        whole: [
          [0, 'actions'],
          [0, 'store'],
          [0, 'source'],
        ],
      },
    ),
    eventDeliveryStore: call(root.eventDeliveryStore, [store, { group: 'g' }], { whole: [[0]] }),
    memoryDeliveryStore: call(root.memoryDeliveryStore, []),
    createKeyring: call(root.createKeyring, [{ activeKeyID: 'k1', keys: { k1: randomBytes(32) } }], {
      open: [[0, 'keys']],
    }),
    generateEd25519SigningKey: call(root.generateEd25519SigningKey, [randomBytes]),
    memoryEventStore: call(root.memoryEventStore, [{ now: Date.now, generateID: () => 'a' }]),
    eighteenDigitIDs: call(root.eighteenDigitIDs, [randomBytes]),
    conditionOf: call(root.conditionOf, ['event/order.*']),
    executionID: call(root.executionID, [group]),
    defineFunction: call(root.defineFunction, [
      { name: 'f', payload: z.object({}), answer: z.object({}), apply: () => null },
    ]),
    isHookedStream: call(root.isHookedStream, ['order-1']),
    logClaimName: call(root.logClaimName, ['f']),
    isActionsError: call(root.isActionsError, [new root.InvalidArgumentError('a'), 'INVALID_ARGUMENT'], {
      lenient: [[0], [1]],
    }),
    publicMessage: call(root.publicMessage, [new root.InvalidArgumentError('a')], { lenient: [[0]] }),
  };
}
