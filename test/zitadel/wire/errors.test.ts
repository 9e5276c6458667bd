import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { expect } from 'chai';
import { EventStoreUnavailableError, memoryEventStore, type EventStore } from '../../../src/index.js';
import { versions, type RpcName } from '../../../src/zitadel/wire/rpcTable.js';
import { ecPair } from '../../support/publicKeys.js';
import { rest } from '../clients.js';
import { openService } from '../openService.js';
import { surface } from './surface.js';
import { textOf, ways, type Way, type WireAnswer } from './ways.js';

const endpoint = 'https://hook.example/';
const target = { name: 'crm', endpoint, restWebhook: {}, timeout: '1s' };
const many = <Item extends JsonValue>(count: number, item: Item): Item[] =>
  Array.from({ length: count }, () => item);
const long = (length: number): string => 'x'.repeat(length);
const onEvent = (event: JsonObject): JsonObject => ({ condition: { event } });
const placed = onEvent({ event: 'order.placed' });

type Case = readonly [code: Code, rpc: RpcName, request: JsonObject, message?: string];

const notFound = 'Errors.Target.NotFound (COMMAND-xj14f2cccn)';
const unknown = 'Errors.Execution.ConditionInvalid (COMMAND-74aaqj8fv9)';
const denied = 'Errors.Target.DeniedURL (COMMAND-NcJUKo)';
const noTimeout = 'Errors.Target.NoTimeout (COMMAND-39f35d8uri)';
const taken = 'Errors.Target.AlreadyExists (V3-DKcYh)';

/** `id` is that of a target, `other` the name of another one. */
const casesOf = (id: string): readonly Case[] => [
  [Code.NotFound, 'getTarget', { id: 'never' }, notFound],
  [Code.NotFound, 'updateTarget', { id: 'never', name: 'x' }, notFound],
  [Code.NotFound, 'setExecution', { ...placed, targets: ['never'] }, notFound],
  [Code.NotFound, 'setExecution', { ...placed, targets: [id, 'never'] }, notFound],
  [Code.NotFound, 'setExecution', { ...onEvent({ event: 'order.lost' }), targets: [id] }, unknown],
  [Code.NotFound, 'setExecution', { ...onEvent({ event: 'order.lost' }), targets: [] }, unknown],
  [Code.NotFound, 'setExecution', { ...onEvent({ group: 'user' }), targets: [id] }, unknown],
  [Code.NotFound, 'setExecution', { condition: { function: { name: 'none' } }, targets: [id] }, unknown],
  [Code.NotFound, 'setExecution', { condition: { request: { method: '/a.S/N' } }, targets: [id] }, unknown],
  [Code.NotFound, 'setExecution', { condition: { response: { service: 'a.T' } }, targets: [id] }, unknown],
  [Code.AlreadyExists, 'createTarget', { ...target, name: 'CRM' }, taken],
  [Code.AlreadyExists, 'updateTarget', { id, name: 'Other' }, taken],
  [Code.InvalidArgument, 'createTarget', { ...target, name: '' }],
  [Code.InvalidArgument, 'createTarget', { ...target, name: long(1_001) }],
  [Code.InvalidArgument, 'createTarget', { name: 'x', endpoint, timeout: '1s' }],
  [Code.InvalidArgument, 'createTarget', { ...target, name: 'x', timeout: '0s' }, noTimeout],
  [Code.InvalidArgument, 'createTarget', { ...target, name: 'x', timeout: '-1s' }],
  [Code.InvalidArgument, 'createTarget', { ...target, name: 'x', timeout: '270.000000001s' }],
  [Code.InvalidArgument, 'createTarget', { ...target, name: 'x', endpoint: '' }],
  [Code.InvalidArgument, 'createTarget', { ...target, name: 'x', endpoint: 'hook' }, denied],
  [Code.InvalidArgument, 'createTarget', { ...target, name: 'x', endpoint: 'http://10.0.0.1/' }, denied],
  [Code.InvalidArgument, 'updateTarget', { id, endpoint: 'http://[::1]/' }, denied],
  [Code.InvalidArgument, 'updateTarget', { id, name: '' }],
  [Code.InvalidArgument, 'updateTarget', { id, timeout: '0s' }, noTimeout],
  [Code.InvalidArgument, 'updateTarget', { id, expirationSigningKey: '-1s' }],
  ...(['updateTarget', 'getTarget', 'deleteTarget'] as const).map((rpc): Case => [
    Code.InvalidArgument,
    rpc,
    { id: long(201) },
  ]),
  [Code.InvalidArgument, 'listTargets', { pagination: { limit: 1_001 } }],
  [Code.InvalidArgument, 'listTargets', { filters: [{}] }],
  [Code.InvalidArgument, 'listTargets', { filters: many(51, { inTargetIdsFilter: {} }) }],
  [
    Code.InvalidArgument,
    'listTargets',
    { filters: [{ inTargetIdsFilter: { targetIds: many(1_001, 'a') } }] },
  ],
  [Code.InvalidArgument, 'listExecutions', { filters: many(51, { targetFilter: { targetId: id } }) }],
  [Code.InvalidArgument, 'setExecution', { ...placed, targets: many(1_001, id) }],
  [Code.InvalidArgument, 'listTargets', { filters: [{ targetNameFilter: { targetName: long(201) } }] }],
  [Code.InvalidArgument, 'listExecutions', { pagination: { limit: 1_001 } }],
  [Code.InvalidArgument, 'listExecutions', { filters: [{}] }],
  [Code.InvalidArgument, 'listExecutions', { filters: [{ inConditionsFilter: { conditions: [{}] } }] }],
  [Code.InvalidArgument, 'setExecution', { targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { condition: {}, targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { condition: { request: {} }, targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { condition: { request: { all: false } }, targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { ...onEvent({}), targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { ...onEvent({ all: false }), targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { ...onEvent({ event: long(1_001) }), targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { ...onEvent({ event: 'order.*' }), targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { condition: { function: {} }, targets: [id] }],
  [Code.InvalidArgument, 'setExecution', { ...placed, targets: [id, id] }],
  [Code.InvalidArgument, 'setExecution', { ...placed, targets: [''] }],
];

const pem = Buffer.from(ecPair().pem).toString('base64');
const key = { targetId: 'never', keyId: 'never' };
/** Rpcs that only version 2 has. */
const casesOfV2 = (id: string): readonly Case[] => [
  [
    Code.InvalidArgument,
    'createTarget',
    { ...target, name: 'x', endpoint: `https://a.example/${long(2_048)}` },
  ],
  [Code.InvalidArgument, 'createTarget', { ...target, name: 'x', payloadType: 'PAYLOAD_TYPE_JWT' }],
  [Code.NotFound, 'addPublicKey', { targetId: 'never', publicKey: pem }],
  [Code.NotFound, 'activatePublicKey', key],
  [Code.InvalidArgument, 'addPublicKey', { targetId: id }],
  [Code.InvalidArgument, 'addPublicKey', { targetId: id, publicKey: Buffer.alloc(8_193).toString('base64') }],
  [Code.InvalidArgument, 'addPublicKey', { targetId: id, publicKey: 'AAAA' }],
  [Code.InvalidArgument, 'activatePublicKey', { targetId: id, keyId: long(201) }],
  [Code.InvalidArgument, 'deactivatePublicKey', { targetId: long(201), keyId: 'a' }],
  [Code.InvalidArgument, 'removePublicKey', { targetId: id, keyId: long(201) }],
  [Code.InvalidArgument, 'listPublicKeys', { targetId: long(201) }],
  [Code.InvalidArgument, 'listPublicKeys', { targetId: id, filters: many(51, { activeFilter: true }) }],
  [
    Code.InvalidArgument,
    'listPublicKeys',
    { targetId: id, filters: [{ keyIdsFilter: { ids: ['a', 'a'] } }] },
  ],
  [Code.InvalidArgument, 'listPublicKeys', { targetId: id, pagination: { limit: 1_001 } }],
];
const casesOfBeta: readonly Case[] = [
  [
    Code.InvalidArgument,
    'createTarget',
    { ...target, name: 'x', endpoint: `https://a.example/${long(1_000)}` },
  ],
];

function expectError(
  way: Way,
  { code, message = '', detail }: WireAnswer,
  [wanted, rpc, request, words]: Case,
): void {
  const what = `${rpc} ${JSON.stringify(request).slice(0, 200)}: ${message}`;
  expect(Code[code], what).to.equal(Code[wanted]);
  if (words !== undefined) expect(message).to.equal(words);
  // The texts of a field need not have the form.
  if (wanted !== Code.InvalidArgument) expect(message).to.match(/^Errors(\.[A-Z]\w+)+ \([A-Za-z0-9]+-\w+\)$/);
  if (!way.hasDetails) return;
  expect(detail?.id, what).to.match(/^[A-Za-z0-9]+-\w+$/);
  expect(detail?.message, what).not.to.equal('');
  if (message.includes('(')) expect(message).to.include(`(${detail?.id ?? ''})`);
}

const catalogue = {
  events: ['order.placed'],
  methods: ['/a.S/M'],
  services: ['a.S'],
  functions: ['preuserinfo'],
};

/** A request that passes every rule of its fields. */
const wellFormed = (rpc: RpcName): JsonObject =>
  ({
    createTarget: target,
    setExecution: { ...placed, targets: [] },
    addPublicKey: { targetId: 'never', publicKey: 'AAAA' },
    listPublicKeys: { targetId: 'never' },
    updateTarget: { id: 'never' },
    getTarget: { id: 'never' },
    deleteTarget: { id: 'never' },
    activatePublicKey: key,
    deactivatePublicKey: key,
    removePublicKey: key,
  })[rpc as string] ?? {};

const rpcsOf = ({ hasKeys }: Way): readonly RpcName[] =>
  versions[hasKeys ? 'v2' : 'v2beta'].methods.map(({ localName }) => localName as RpcName);

for (const way of ways)
  describe(`errors of ${way.version} by ${way.name}`, () => {
    it('have the code, the words and the detail of ZITADEL', async () => {
      const service = await openService({ catalogue });
      const { body } = await way.call(service, 'createTarget', target);
      await way.call(service, 'createTarget', { ...target, name: 'other' });
      const id = textOf(body, 'id');
      const before = await way.call(service, 'listTargets', { pagination: { asc: true } });
      const ownOfVersion = way.version === 'v2' ? [] : casesOfBeta;
      const own = way.hasKeys ? casesOfV2(id) : ownOfVersion;
      for (const each of [...casesOf(id), ...own])
        expectError(way, await way.call(service, each[1], each[2]), each);
      expect(await way.call(service, 'listTargets', { pagination: { asc: true } })).to.deep.equal(before);
      expect((await way.call(service, 'listExecutions', {})).body['executions']).to.equal(undefined);
    });

    it('say of every rpc whose token and which permission is missing', async () => {
      const service = await openService();
      for (const rpc of rpcsOf(way)) {
        const { permission } = surface[rpc];
        const codeFor = async (token: string) => (await way.call(service, rpc, wellFormed(rpc), token)).code;
        expect(await codeFor('wrong'), rpc).to.equal(Code.Unauthenticated);
        const refused = permission === undefined ? [] : ['nothing', `but ${permission}`];
        for (const token of refused)
          expect(await codeFor(token), `${rpc} ${token}`).to.equal(Code.PermissionDenied);
        const enough = permission === undefined ? 'nothing' : `only ${permission}`;
        expect(await codeFor(enough), rpc).not.to.be.oneOf([Code.PermissionDenied, Code.Unauthenticated]);
      }
    });

    it('tell a caller nothing about an unreachable store, or about an error of the host', async () => {
      const store = memoryEventStore();
      const away: EventStore = {
        ...store,
        append: () => Promise.reject(new EventStoreUnavailableError('SECRET host')),
      };
      const service = await openService({ eventStore: away });
      const gone = await way.call(service, 'createTarget', target);
      expectError(way, gone, [Code.Unavailable, 'createTarget', target]);
      const throwing = await openService(
        {},
        {
          authenticate: () => {
            throw new Error('SECRET cause');
          },
        },
      );
      const failed = await way.call(throwing, 'listTargets', {});
      expectError(way, failed, [Code.Internal, 'listTargets', {}, 'Errors.Internal (ACTIONS-Unexpected)']);
      expect(JSON.stringify([gone, failed])).not.to.include('SECRET');
    });
  });

describe('errors by REST', () => {
  it('have the form and the status of grpc-gateway', async () => {
    const service = await openService();
    const cases: readonly (readonly [
      status: number,
      method: string,
      path: string,
      body?: unknown,
      token?: string,
    ])[] = [
      [401, 'GET', '/v2/actions/executions/methods', undefined, 'wrong'],
      [403, 'POST', '/v2/actions/targets', target, 'nothing'],
      [404, 'GET', '/v2/actions/targets/never'],
      [404, 'GET', '/v2/actions/nothing'],
      [404, 'POST', '/v2/actions/targets/a/b/c'],
      [405, 'PATCH', '/v2/actions/targets/never'],
      [405, 'GET', '/v2/actions/targets'],
      [400, 'POST', '/v2/actions/targets', '{'],
      [400, 'POST', '/v2/actions/targets', '[]'],
      [400, 'POST', '/v2/actions/targets', { ...target, timeout: 'soon' }],
      [400, 'PUT', '/v2/actions/executions', { condition: { event: { event: 1 } } }],
      [429, 'POST', '/v2/actions/targets', JSON.stringify(long(1_048_577))],
    ];
    for (const [status, method, path, body, token = 'all'] of cases) {
      const answer = await rest(service, method, path, { token, ...(body !== undefined && { body }) });
      expect(answer.status, `${method} ${path}`).to.equal(status);
      expect(answer.body).to.have.all.keys('code', 'message', 'details');
      expect(answer.body['code']).to.be.a('number');
    }
    expect((await rest(service, 'POST', '/v2/actions/targets', { body: target })).status).to.equal(200);
    expect((await rest(service, 'POST', '/v2/actions/targets', { body: target })).status).to.equal(409);
  });
});
