import type { JsonObject } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { expect } from 'chai';
import type { RpcName } from '../../../src/zitadel/wire/rpcTable.js';
import { ecPair } from '../../support/publicKeys.js';
import { textOf, type WireAnswer } from './ways.js';

export type Call = (rpc: RpcName, request: JsonObject) => Promise<WireAnswer>;

const endpoint = 'https://hook.example/a';
const types: readonly JsonObject[] = [
  { restWebhook: { interruptOnError: true } },
  { restCall: { interruptOnError: true } },
  { restAsync: {} },
];
const conditions: readonly JsonObject[] = [
  { request: { method: '/a.S/M' } },
  { request: { service: 'a.S' } },
  { request: { all: true } },
  { response: { method: '/a.S/M' } },
  { response: { service: 'a.S' } },
  { response: { all: true } },
  { function: { name: 'preuserinfo' } },
  { event: { event: 'order.placed' } },
  { event: { group: 'order' } },
  { event: { all: true } },
];

async function publicKeys(
  send: (rpc: RpcName, request: JsonObject) => Promise<JsonObject>,
  call: Call,
  targetId: string,
) {
  const pem = ecPair().pem;
  const publicKey = Buffer.from(pem).toString('base64');
  const keyId = textOf(await send('addPublicKey', { targetId, publicKey }), 'keyId');
  const key = { targetId, keyId };
  expect(await send('activatePublicKey', key)).to.have.all.keys('changeDate');
  const { publicKeys: keys } = await send('listPublicKeys', { targetId, filters: [{ activeFilter: true }] });
  const [listed] = keys as JsonObject[];
  expect(listed).to.deep.include({ keyId, active: true });
  expect(Buffer.from(textOf(listed ?? {}, 'publicKey'), 'base64').toString()).to.equal(pem.trim());
  expect((await call('removePublicKey', key)).code).to.equal(Code.FailedPrecondition);
  expect(await send('deactivatePublicKey', key)).to.have.all.keys('changeDate');
  expect(await send('removePublicKey', key)).to.have.all.keys('deletionDate');
  expect(await send('listPublicKeys', { targetId })).not.to.have.property('publicKeys');
}

/** Every operation on targets and executions of a fresh store, in the order of an operator. */
export async function liveWholeLife(call: Call, hasKeys: boolean): Promise<void> {
  const send = async (rpc: RpcName, request: JsonObject): Promise<JsonObject> => {
    const { code, body, message } = await call(rpc, request);
    expect(code, `${rpc}: ${message ?? ''}`).to.equal(0);
    return body;
  };

  const ids: string[] = [];
  for (const [place, type] of types.entries()) {
    const settings = { name: `target ${place}`, endpoint, timeout: '1.500s', ...type };
    const created = await send('createTarget', settings);
    expect(created).to.have.all.keys('id', 'creationDate', 'signingKey');
    const id = textOf(created, 'id');
    const { target } = await send('getTarget', { id });
    expect(target).to.deep.include({ id, ...settings, creationDate: created['creationDate'] });
    expect(target).to.have.property('changeDate', created['creationDate']);
    const again = await send('updateTarget', { id, endpoint });
    expect(again).to.deep.equal({ changeDate: created['creationDate'] });
    const rotated = await send('updateTarget', { id, expirationSigningKey: '0s', timeout: '2s' });
    expect(rotated).to.have.all.keys('changeDate', 'signingKey');
    expect(rotated['signingKey']).not.to.equal(created['signingKey']);
    ids.push(id);
    if (hasKeys) await publicKeys(send, call, id);
  }
  expect((await call('createTarget', { name: 'TARGET 0', endpoint, restAsync: {} })).code).to.equal(
    Code.AlreadyExists,
  );

  for (const condition of conditions) {
    const set = await send('setExecution', { condition, targets: ids });
    expect(set).to.have.all.keys('setDate');
    expect(await send('setExecution', { condition, targets: ids })).to.deep.equal(set);
  }
  const { executions } = await send('listExecutions', {});
  const listed = executions as JsonObject[];
  expect(listed.map(({ condition }) => condition)).to.have.deep.members([...conditions]);
  for (const { targets } of listed) expect(targets).to.deep.equal(ids);
  for (const list of ['functions', 'methods', 'services'] as const) {
    const rpc = `listExecution${list.charAt(0).toUpperCase()}${list.slice(1)}` as RpcName;
    expect(await send(rpc, {})).to.deep.equal({});
  }
  await send('setExecution', { condition: conditions[0] ?? {}, targets: [] });
  const page = await send('listExecutions', { pagination: { limit: 4, asc: true } });
  expect(page['executions']).to.have.length(4);
  expect(page['pagination']).to.deep.equal({ totalResult: '9', appliedLimit: '4' });

  const [first = '', ...others] = ids;
  const gone = await send('deleteTarget', { id: first });
  expect(await send('deleteTarget', { id: first })).to.deep.equal(gone);
  expect((await call('getTarget', { id: first })).code).to.equal(Code.NotFound);
  const left = (await send('listExecutions', {}))['executions'] as JsonObject[];
  for (const { targets } of left) expect(targets).to.deep.equal(others);
  for (const id of others) await send('deleteTarget', { id });
  expect(await send('listTargets', {})).to.deep.equal({ pagination: { appliedLimit: '100' } });
  expect(await send('listExecutions', {})).to.deep.equal({ pagination: { appliedLimit: '1000' } });
  expect(await send('deleteTarget', { id: 'never' })).to.deep.equal({});
}
