import type { JsonObject } from '@bufbuild/protobuf';
import { expect } from 'chai';
import { memoryEventStore } from '../../../src/index.js';
import { openService } from '../openService.js';
import { textOf, ways, type Way } from './ways.js';

type Test = (item: JsonObject) => boolean;
type Key = (item: JsonObject) => string | number | boolean;
type Named = readonly (readonly [filter: JsonObject, test: Test])[];

const fold = (text: string): string => text.toLowerCase();
const types = ['restWebhook', 'restCall', 'restAsync'];

const settings: readonly (readonly [name: string, type: string, interrupts: boolean, seconds: number])[] = [
  ['audit', 'restWebhook', true, 5],
  ['Audit trail', 'restCall', false, 5],
  ['crm', 'restAsync', false, 270],
  ['Zoll', 'restCall', true, 1],
  ['über', 'restWebhook', false, 10],
  ['Überblick', 'restAsync', false, 10],
  ['a.b', 'restWebhook', true, 2],
  ['B', 'restCall', true, 2],
];

/** Targets and executions, each changed at another hour of the store's clock, or at the same. */
async function fill(way: Way) {
  let hour = 0;
  const service = await openService({ eventStore: memoryEventStore({ now: () => hour * 3_600_000 }) });
  const send = async (...call: Parameters<Way['call']> extends [unknown, ...infer Rest] ? Rest : never) => {
    const { code, body, message } = await way.call(service, ...call);
    expect(code, message).to.equal(0);
    return body;
  };
  const ids: string[] = [];
  for (const [place, [name, type, interruptOnError, seconds]] of settings.entries()) {
    // Two rows each have the same hour.
    hour = Math.floor(place / 2);
    const added = await send('createTarget', {
      name,
      endpoint: `https://${'hgfedcba'.charAt(place)}.example/`,
      timeout: `${seconds}s`,
      [type]: type === 'restAsync' ? {} : { interruptOnError },
    });
    ids.push(textOf(added, 'id'));
  }
  for (const [later, place] of [5, 1, 6].entries()) {
    hour = 10 + later;
    await send('updateTarget', { id: ids[place] ?? '', expirationSigningKey: '0s' });
  }
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
  for (const [place, condition] of conditions.entries()) {
    hour = 20 + Math.floor(place / 3);
    await send('setExecution', { condition, targets: [ids[place % 3] ?? '', ids[7] ?? ''] });
  }
  hour = 30;
  await send('setExecution', { condition: conditions[4] ?? {}, targets: [ids[4] ?? ''] });
  return { send, ids, conditions };
}

/** Among equal rows the smaller id comes first, in either direction. */
function ordered(items: readonly JsonObject[], keyOf: Key, idOf: Key, asc: boolean): readonly JsonObject[] {
  const compare = (left: ReturnType<Key>, right: ReturnType<Key>) =>
    left === right ? 0 : left < right ? -1 : 1;
  return items.toSorted(
    (left, right) => (asc ? 1 : -1) * compare(keyOf(left), keyOf(right)) || compare(idOf(left), idOf(right)),
  );
}

const created: Key = (item) => textOf(item, 'creationDate');
const changed: Key = (item) => textOf(item, 'changeDate');
const targetID: Key = (item) => textOf(item, 'id');
const typeOf = (item: JsonObject): string => types.find((type) => type in item) ?? '';

const targetColumns: Readonly<Record<string, Key>> = {
  UNSPECIFIED: created,
  ID: targetID,
  CREATED_DATE: created,
  CHANGED_DATE: changed,
  NAME: (item) => fold(textOf(item, 'name')),
  TARGET_TYPE: (item) => types.indexOf(typeOf(item)),
  URL: (item) => textOf(item, 'endpoint'),
  TIMEOUT: (item) => Number.parseFloat(textOf(item, 'timeout')),
  INTERRUPT_ON_ERROR: (item) =>
    (item[typeOf(item)] as { readonly interruptOnError?: boolean }).interruptOnError ?? false,
};

const texts: Readonly<Record<string, (name: string, wanted: string) => boolean>> = {
  EQUALS: (name, wanted) => name === wanted,
  STARTS_WITH: (name, wanted) => name.startsWith(wanted),
  CONTAINS: (name, wanted) => name.includes(wanted),
  ENDS_WITH: (name, wanted) => name.endsWith(wanted),
};

const nameFilters = (names: readonly string[]): Named =>
  Object.entries(texts).flatMap(([method, matches]) =>
    names.flatMap((targetName): Named => {
      const filter = (end: string) => ({
        targetNameFilter: { targetName, method: `TEXT_FILTER_METHOD_${method}${end}` },
      });
      return [
        [filter(''), (item) => matches(textOf(item, 'name'), targetName)],
        [filter('_IGNORE_CASE'), (item) => matches(fold(textOf(item, 'name')), fold(targetName))],
      ];
    }),
  );

/** The id of an execution by which lists sort: that of its condition. */
const executionID: Key = ({ condition }) => {
  const [[kind, value]] = Object.entries(condition as JsonObject) as [[string, JsonObject]];
  const { method, service, event, group, name } = value as Readonly<Record<string, string>>;
  const end = method?.replace(/^\//, '') ?? service ?? event ?? name ?? (group && `${group}.*`);
  return end === undefined ? kind : `${kind}/${end}`;
};
const executionColumns: Readonly<Record<string, Key>> = {
  UNSPECIFIED: created,
  ID: executionID,
  CREATED_DATE: created,
  CHANGED_DATE: changed,
};

const kindOf = ({ condition }: JsonObject): string => Object.keys(condition as JsonObject)[0] ?? '';
const both = (filters: Named): Named =>
  filters.slice(1).map(([filter, test], place): Named[number] => {
    const [other, otherTest] = filters[place] as Named[number];
    return [{ and: [filter, other] }, (item) => test(item) && otherTest(item)];
  });
const listOf = (filter: JsonObject): JsonObject[] =>
  'and' in filter ? (filter['and'] as JsonObject[]) : [filter];

/**
 * A protocol carries the second text and the second filter as it carries the first: one way of each version sends all texts
 * and pairs, the others two texts of each method and some pairs.
 */
const sendsAll = (way: Way): boolean => way.name === 'REST';
const pairsBy = (way: Way, filters: Named): Named =>
  both(filters).filter((_pair, place) => sendsAll(way) || place % 8 === 0);

for (const way of ways)
  describe(`lists of ${way.version} by ${way.name}`, () => {
    it('of targets have every filter, alone and together, and every order', async () => {
      const { send, ids } = await fill(way);
      const items: JsonObject[] = [];
      for (const id of ids) items.push((await send('getTarget', { id }))['target'] as JsonObject);
      const filters: Named = [
        ...nameFilters(sendsAll(way) ? ['audit', 'AUDIT', 'ü', 'B', ''] : ['AUDIT', 'ü']),
        ...[[], [ids[2] ?? ''], [ids[1] ?? '', 'never', ids[1] ?? ''], ids].map(
          (targetIds): Named[number] => [
            { inTargetIdsFilter: { targetIds } },
            (item) => targetIds.includes(textOf(item, 'id')),
          ],
        ),
      ];
      for (const [filter, test] of [...filters, ...pairsBy(way, filters)]) {
        const { targets = [], pagination } = await send('listTargets', { filters: listOf(filter) });
        const expected = ordered(items.filter(test), created, targetID, false);
        expect(targets, JSON.stringify(filter)).to.deep.equal(expected);
        expect(pagination).to.deep.equal({
          appliedLimit: '100',
          ...(expected.length > 0 && { totalResult: String(expected.length) }),
        });
      }
      for (const [column, keyOf] of Object.entries(targetColumns))
        for (const asc of [true, false]) {
          const { targets } = await send('listTargets', {
            sortingColumn: `TARGET_FIELD_NAME_${column}`,
            pagination: { asc },
          });
          expect(targets, `${column} ${asc}`).to.deep.equal(ordered(items, keyOf, targetID, asc));
        }
    });

    it('of executions have every filter, alone and together, and every order', async () => {
      const { send, ids, conditions } = await fill(way);
      const { executions } = await send('listExecutions', {});
      const items = executions as JsonObject[];
      expect(items.map(({ condition }) => condition)).to.have.deep.members([...conditions]);
      const filters: Named = [
        ...['request', 'response', 'event', 'function'].map((kind): Named[number] => [
          { executionTypeFilter: { executionType: `EXECUTION_TYPE_${kind.toUpperCase()}` } },
          (item) => kindOf(item) === kind,
        ]),
        [{ executionTypeFilter: {} }, () => true],
        ...[...ids, 'never', ''].map((id): Named[number] => [
          { targetFilter: { targetId: id } },
          ({ targets }) => (targets as string[]).includes(id),
        ]),
        ...[[], [conditions[0] ?? {}], [...conditions.slice(3, 9), { event: { event: 'none' } }]].map(
          (wanted): Named[number] => [
            { inConditionsFilter: { conditions: wanted } },
            (item) => wanted.some((each) => executionID({ condition: each }) === executionID(item)),
          ],
        ),
      ];
      for (const [filter, test] of [...filters, ...pairsBy(way, filters)]) {
        const answer = await send('listExecutions', { filters: listOf(filter) });
        const expected = ordered(items.filter(test), created, executionID, false);
        expect(answer['executions'] ?? [], JSON.stringify(filter)).to.deep.equal(expected);
      }
      for (const [column, keyOf] of Object.entries(executionColumns))
        for (const asc of [true, false]) {
          const answer = await send('listExecutions', {
            sortingColumn: `EXECUTION_FIELD_NAME_${column}`,
            pagination: { asc },
          });
          expect(answer['executions'], `${column} ${asc}`).to.deep.equal(
            ordered(items, keyOf, executionID, asc),
          );
        }
    });

    it('come in pages, which together are the whole list', async () => {
      const { send } = await fill(way);
      for (const [rpc, name, total, most] of [
        ['listTargets', 'targets', 8, 100],
        ['listExecutions', 'executions', 10, 1_000],
      ] as const) {
        const whole = (await send(rpc, { pagination: { asc: true } }))[name] as JsonObject[];
        expect(whole).to.have.length(total);
        for (const limit of [1, 3, total, 1_000]) {
          const pages: JsonObject[] = [];
          for (let offset = 0; offset <= total; offset += limit) {
            const answer = await send(rpc, { pagination: { offset: String(offset), limit, asc: true } });
            expect(answer['pagination']).to.deep.equal({
              totalResult: String(total),
              appliedLimit: String(limit),
            });
            pages.push(...((answer[name] ?? []) as JsonObject[]));
          }
          expect(pages).to.deep.equal(whole);
        }
        const beyond = await send(rpc, { pagination: { offset: '18446744073709551615' } });
        expect(beyond).to.deep.equal({
          pagination: { totalResult: String(total), appliedLimit: String(most) },
        });
      }
    });
  });
