import type { JsonObject } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { expect } from 'chai';
import { memoryEventStore } from '../../../src/index.js';
import { ecPair, jwtKeysOptions } from '../../support/publicKeys.js';
import { rest } from '../clients.js';
import { openService } from '../openService.js';
import { textOf, ways, type Way } from './ways.js';

const at = (hour: number): string => new Date(hour * 3_600_000).toISOString().replace('.000', '');
const listed = (answer: JsonObject): readonly string[] =>
  ((answer['publicKeys'] ?? []) as JsonObject[]).map((key) => textOf(key, 'keyId'));

/** Five keys of a target, each added at another hour; the fourth is active. */
async function fill(way: Way) {
  let hour = 1;
  const now = () => hour * 3_600_000;
  const service = await openService({
    now,
    eventStore: memoryEventStore({ now }),
    jwtKeys: jwtKeysOptions(),
  });
  const send = async (rpc: Parameters<Way['call']>[1], request: JsonObject) => {
    const { code, body, message } = await way.call(service, rpc, request);
    expect(code, message).to.equal(0);
    return body;
  };
  const target = { name: 'crm', restWebhook: {}, endpoint: 'https://hook.example/', timeout: '1s' };
  const targetId = textOf(await send('createTarget', target), 'id');
  const keys: string[] = [];
  for (const expiry of [100, undefined, 90, 110, undefined]) {
    hour += 1;
    const added = await send('addPublicKey', {
      targetId,
      publicKey: Buffer.from(ecPair().pem).toString('base64'),
      ...(expiry !== undefined && { expirationDate: at(expiry) }),
    });
    expect(added['creationDate']).to.equal(at(hour));
    keys.push(textOf(added, 'keyId'));
  }
  for (const place of [0, 3]) {
    hour += 1;
    const { changeDate } = await send('activatePublicKey', { targetId, keyId: keys[place] ?? '' });
    expect(changeDate).to.equal(at(hour));
  }
  const elapse = (to: number) => {
    hour = to;
  };
  return { service, send, targetId, keys, elapse };
}

for (const way of ways.filter(({ hasKeys }) => hasKeys))
  describe(`public keys by ${way.name}`, () => {
    it('are listed with every filter, alone and together', async () => {
      const { send, targetId, keys } = await fill(way);
      const [first = '', second = '', third = '', fourth = '', fifth = ''] = keys;
      const expiry = (method: string, hour: number): JsonObject => ({
        expirationDateFilter: { timestamp: at(hour), method: `TIMESTAMP_FILTER_METHOD_${method}` },
      });
      const cases: readonly (readonly [filters: readonly JsonObject[], expected: readonly string[]])[] = [
        [[], keys],
        [[{ activeFilter: true }], [fourth]],
        [[{ activeFilter: false }], [first, second, third, fifth]],
        [[{ keyIdsFilter: { ids: [third, first, 'never'] } }], [first, third]],
        [[{ keyIdsFilter: {} }], []],
        [[expiry('EQUALS', 100)], [first]],
        [[expiry('AFTER', 100)], [fourth]],
        [[expiry('AFTER_OR_EQUALS', 100)], [first, fourth]],
        [[expiry('BEFORE', 100)], [third]],
        [[expiry('BEFORE_OR_EQUALS', 100)], [first, third]],
        [
          [expiry('BEFORE_OR_EQUALS', 100), { activeFilter: false }, { keyIdsFilter: { ids: [third] } }],
          [third],
        ],
        [[{}], keys],
      ];
      for (const [filters, expected] of cases) {
        const answer = await send('listPublicKeys', {
          targetId,
          filters: [...filters],
          pagination: { asc: true },
        });
        expect(listed(answer), JSON.stringify(filters)).to.deep.equal(expected);
      }
    });

    it('are listed in every order, in pages', async () => {
      const { send, targetId, keys } = await fill(way);
      const [first = '', second = '', third = '', fourth = '', fifth = ''] = keys;
      const never = [second, fifth].toSorted();
      // Hours of creation 2 to 6; the first was activated at 7 and gave way at 8, when the fourth was activated.
      const changed = [second, third, fifth, ...[first, fourth].toSorted()];
      const orders: Readonly<Record<string, readonly [asc: readonly string[], desc: readonly string[]]>> = {
        UNSPECIFIED: [keys, keys.toReversed()],
        CREATION_DATE: [keys, keys.toReversed()],
        CHANGE_DATE: [changed, [...[first, fourth].toSorted(), fifth, third, second]],
        EXPIRATION_DATE: [
          [third, first, fourth, ...never],
          [...never, fourth, first, third],
        ],
      };
      for (const [column, expected] of Object.entries(orders))
        for (const [place, asc] of [true, false].entries()) {
          const request = { targetId, sortingColumn: `PUBLIC_KEY_FIELD_NAME_${column}` };
          const whole = await send('listPublicKeys', { ...request, pagination: { asc } });
          expect(listed(whole), `${column} ${asc}`).to.deep.equal(expected[place]);
          expect(whole['pagination']).to.deep.equal({ totalResult: '5', appliedLimit: '100' });
          const pages: string[] = [];
          for (const offset of ['0', '2', '4'])
            pages.push(
              ...listed(await send('listPublicKeys', { ...request, pagination: { asc, offset, limit: 2 } })),
            );
          expect(pages).to.deep.equal(expected[place]);
        }
    });

    it('live and end as those of ZITADEL', async () => {
      const { service, send, targetId, keys, elapse } = await fill(way);
      const [first = '', , third = '', fourth = ''] = keys;
      const outcome = async (rpc: Parameters<Way['call']>[1], keyId: string, target = targetId) => {
        const { code, message } = await way.call(service, rpc, { targetId: target, keyId });
        return [code, message];
      };
      expect(await outcome('removePublicKey', fourth)).to.deep.equal([
        Code.FailedPrecondition,
        'Errors.Target.PublicKey.Active (ACTIONS-PublicKeyActive)',
      ]);
      elapse(95);
      expect(await outcome('activatePublicKey', third)).to.deep.equal([
        Code.FailedPrecondition,
        'Errors.Target.PublicKey.Expired (ACTIONS-PublicKeyExpired)',
      ]);
      expect(await outcome('activatePublicKey', 'never')).to.deep.equal([
        Code.NotFound,
        'Errors.Target.PublicKey.NotFound (ACTIONS-PublicKeyNotFound)',
      ]);
      expect((await outcome('deactivatePublicKey', first, 'never'))[0]).to.equal(Code.NotFound);
      expect((await send('deactivatePublicKey', { targetId, keyId: fourth }))['changeDate']).to.equal(at(95));
      expect((await send('removePublicKey', { targetId, keyId: fourth }))['deletionDate']).to.equal(at(95));
      // Removing a missing key succeeds.
      await send('removePublicKey', { targetId, keyId: fourth });
      expect(listed(await send('listPublicKeys', { targetId }))).not.to.include(fourth);
      expect(await send('listPublicKeys', { targetId: 'never' })).to.deep.equal({
        pagination: { appliedLimit: '100' },
      });
    });
  });

describe('the paths of public keys', () => {
  it('activate and deactivate by POST and by PUT, in version 2 alone', async () => {
    const way = ways.find(({ name }) => name === 'REST') as Way;
    const { service, targetId, keys } = await fill(way);
    for (const verb of ['POST', 'PUT'])
      for (const deed of ['activate', 'deactivate']) {
        const path = `/v2/actions/targets/${targetId}/publickeys/${keys[1] ?? ''}/${deed}`;
        const { status, body } = await rest(service, verb, path, verb === 'PUT' ? {} : { body: {} });
        expect(status).to.equal(200);
        expect(body).to.have.all.keys('changeDate');
      }
    const path = `/v2/actions/targets/${targetId}/publickeys/${keys[1] ?? ''}/activate`;
    expect((await rest(service, 'DELETE', path)).status).to.equal(405);
    expect((await rest(service, 'POST', path.replace('/v2/', '/v2beta/'))).status).to.equal(404);
  });
});
