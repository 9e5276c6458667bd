import { expect } from 'chai';
import { isActionsError, type ExecutionQuery, type NameFilter, type TargetQuery } from '../../src/index.js';
import { openActions } from '../support/openActions.js';

const endpoint = (host: string) => `https://${host}.example/`;

/** Five targets in the default instance, and one of the same name in another. */
async function openTargets() {
  const { actions } = await openActions();
  const ids: Record<string, string> = {};
  const add = async (name: string, host: string, settings: object = {}) => {
    ids[name] = (
      await actions.targets.add({ name, type: 'webhook', endpoint: endpoint(host), ...settings })
    ).id;
  };
  await add('Order policy', 'd', { type: 'requestResponse', timeoutMs: 500, interruptOnError: true });
  await add('order audit', 'b', { type: 'async' });
  await add('crm', 'c', { timeoutMs: 2_000 });
  await add('Reorder', 'a', { headers: { 'x-token': 'hidden' } });
  await add('policy of orders', 'e');
  await actions.runAs({ instanceID: 'other' }, () =>
    actions.targets.add({ name: 'crm', type: 'webhook', endpoint: endpoint('other') }),
  );
  const names = async (query?: TargetQuery) =>
    (await actions.targets.list(query)).items.map(({ name }) => name);
  return { actions, ids, names };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (isActionsError(error) ? error.code : 'not ours'),
  );

describe('queries', () => {
  describe('of targets', () => {
    it('filter names in every way, with and without case', async () => {
      const { names } = await openTargets();
      const by = (name: NameFilter) => names({ filter: { name }, sort: { by: 'name' } });
      expect(await by({ equals: 'CRM' })).to.deep.equal([]);
      expect(await by({ equals: 'CRM', ignoreCase: true })).to.deep.equal(['crm']);
      expect(await by({ contains: 'order' })).to.deep.equal(['order audit', 'policy of orders', 'Reorder']);
      expect(await by({ contains: 'ORDER', ignoreCase: true })).to.have.length(4);
      expect(await by({ startsWith: 'Order' })).to.deep.equal(['Order policy']);
      expect(await by({ startsWith: 'Order', ignoreCase: true })).to.deep.equal([
        'order audit',
        'Order policy',
      ]);
      expect(await by({ endsWith: 'Policy' })).to.deep.equal([]);
      expect(await by({ endsWith: 'Policy', ignoreCase: true })).to.deep.equal(['Order policy']);
      expect(await by({ startsWith: 'p', endsWith: 's' })).to.deep.equal(['policy of orders']);
    });

    it('compare a name by its characters, not as a pattern', async () => {
      const { names } = await openTargets();
      for (const contains of ['%', '_', '.', '*', '.*'])
        expect(await names({ filter: { name: { contains } } })).to.deep.equal([]);
    });

    it('require all filters, and count the rows that pass', async () => {
      const { actions, ids } = await openTargets();
      const { total, items } = await actions.targets.list({
        filter: { ids: [ids['crm']!, ids['Reorder']!, 'missing', ids['crm']!], type: 'webhook' },
        sort: { by: 'name' },
        limit: 1,
      });
      expect(total).to.equal(2);
      expect(items.map(({ name }) => name)).to.deep.equal(['crm']);
      expect(await actions.targets.list({ filter: { ids: [] } })).to.deep.equal({ total: 0, items: [] });
    });

    it('sort by every field, both ways, and by id where the field is equal', async () => {
      const { names, ids } = await openTargets();
      const byID = Object.keys(ids).sort((left, right) => (ids[left]! < ids[right]! ? -1 : 1));
      const stable = (key: (name: string) => number) =>
        byID
          .map((name, place) => ({ name, place }))
          .sort((a, b) => key(a.name) - key(b.name) || a.place - b.place);
      expect(await names()).to.deep.equal(byID);
      expect(await names({ sort: { direction: 'descending' } })).to.deep.equal([...byID].reverse());
      expect(await names({ sort: { by: 'name' } })).to.deep.equal([
        'crm',
        'order audit',
        'Order policy',
        'policy of orders',
        'Reorder',
      ]);
      expect(await names({ sort: { by: 'endpoint', direction: 'descending' } })).to.deep.equal([
        'policy of orders',
        'Order policy',
        'crm',
        'order audit',
        'Reorder',
      ]);
      const timeouts: Record<string, number> = { 'Order policy': 500, crm: 2_000 };
      expect(await names({ sort: { by: 'timeoutMs' } })).to.deep.equal(
        stable((name) => timeouts[name] ?? 10_000).map(({ name }) => name),
      );
      expect(await names({ sort: { by: 'interruptOnError', direction: 'descending' } })).to.deep.equal(
        stable((name) => (name === 'Order policy' ? 0 : 1)).map(({ name }) => name),
      );
      const types: Record<string, number> = { 'order audit': 2, 'Order policy': 1 };
      expect(await names({ sort: { by: 'type' } })).to.deep.equal(
        stable((name) => types[name] ?? 0).map(({ name }) => name),
      );
    });

    it('page through everything once, and show nothing secret', async () => {
      const { actions, names } = await openTargets();
      const pages = await Promise.all([0, 2, 4, 6].map((offset) => names({ offset, limit: 2 })));
      expect(pages.map(({ length }) => length)).to.deep.equal([2, 2, 1, 0]);
      expect(new Set(pages.flat()).size).to.equal(5);
      expect((await actions.targets.list({ offset: 6 })).total).to.equal(5);
      const shown = JSON.stringify(await actions.targets.list());
      expect(shown).to.include('"x-token":"***"').and.not.include('hidden').and.not.include('whsec_');
    });

    it('refuse unknown and malformed options', async () => {
      const { actions } = await openTargets();
      const wrong: unknown[] = [
        { limit: 0 },
        { limit: 10_001 },
        { limit: 1.5 },
        { offset: -1 },
        { sort: { by: 'age' } },
        { sort: { direction: 'up' } },
        { filter: { name: {} } },
        { filter: { name: { ignoreCase: true } } },
        { filter: { name: { equals: '' } } },
        { filter: { name: 'crm' } },
        { filter: { kind: 'webhook' } },
        { filter: { type: 'mail' } },
        { filter: { ids: 'crm' } },
        { filter: null },
        { unknown: 1 },
        'crm',
      ];
      for (const query of wrong)
        expect(await codeOf(actions.targets.list(query as TargetQuery)), JSON.stringify(query)).to.equal(
          'INVALID_ARGUMENT',
        );
    });
  });

  describe('of executions', () => {
    async function openExecutions() {
      const { actions, ids } = await openTargets();
      const crm = ids['crm']!;
      await actions.executions.set({ event: { all: true } }, [crm]);
      await actions.executions.set({ event: { group: 'order' } }, [{ include: { event: { all: true } } }]);
      await actions.executions.set({ event: { event: 'order.placed' } }, [
        ids['Order policy']!,
        { include: { event: { group: 'order' } } },
      ]);
      await actions.executions.set({ request: { all: true } }, []);
      await actions.executions.set({ function: { name: 'event' } }, [crm]);
      await actions.runAs({ instanceID: 'other' }, () =>
        actions.executions.set({ response: { all: true } }, []),
      );
      const found = async (query?: ExecutionQuery) =>
        (await actions.executions.list(query)).items.map(({ id }) => id);
      return { actions, crm, found };
    }

    it('list all executions by id, executions without targets too', async () => {
      const { actions, found } = await openExecutions();
      const all = ['event', 'event/order.*', 'event/order.placed', 'function/event', 'request'];
      expect(await found()).to.deep.equal(all);
      expect(await found({ sort: { direction: 'descending' } })).to.deep.equal([...all].reverse());
      expect(await found({ offset: 1, limit: 2 })).to.deep.equal(all.slice(1, 3));
      expect((await actions.executions.list({ offset: 4 })).total).to.equal(5);
    });

    it('filter by condition, type, target and include, and require every filter', async () => {
      const { crm, found } = await openExecutions();
      expect(await found({ filter: { type: 'event' } })).to.deep.equal([
        'event',
        'event/order.*',
        'event/order.placed',
      ]);
      expect(await found({ filter: { type: 'request' } })).to.deep.equal(['request']);
      expect(await found({ filter: { target: crm } })).to.deep.equal(['event', 'function/event']);
      expect(await found({ filter: { target: crm, type: 'event' } })).to.deep.equal(['event']);
      expect(await found({ filter: { include: { event: { all: true } } } })).to.deep.equal(['event/order.*']);
      expect(
        await found({
          filter: {
            conditions: [{ event: { event: 'order.placed' } }, { event: { event: 'order.lost' } }],
            include: { event: { group: 'order.*' } },
          },
        }),
      ).to.deep.equal(['event/order.placed']);
      expect(
        await found({
          filter: { conditions: [{ event: { all: true } }], include: { event: { all: true } } },
        }),
      ).to.deep.equal([]);
      expect(await found({ filter: { target: 'missing' } })).to.deep.equal([]);
    });

    it('lose the targets of an include when the include is removed', async () => {
      const { actions, found } = await openExecutions();
      await actions.executions.set({ event: { group: 'order' } }, []);
      expect(await found({ filter: { include: { event: { all: true } } } })).to.deep.equal([]);
    });

    it('refuse unknown and malformed options', async () => {
      const { actions } = await openExecutions();
      const wrong: unknown[] = [
        { sort: { by: 'name' } },
        { filter: { include: { event: {} } } },
        { filter: { include: 'event' } },
        { filter: { conditions: [{ event: { group: 'a..b' } }] } },
        { filter: { type: 'events' } },
        { filter: { name: { equals: 'event' } } },
      ];
      for (const query of wrong)
        expect(
          await codeOf(actions.executions.list(query as ExecutionQuery)),
          JSON.stringify(query),
        ).to.equal('INVALID_ARGUMENT');
    });
  });
});
