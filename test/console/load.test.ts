import { expect } from 'chai';
import type { Listed } from '../../src/console/wire/shared.js';
import type { Execution } from '../../src/console/wire/executions.js';
import type { LiveLine, Plots } from '../../src/console/wire/calls.js';
import type { Target } from '../../src/console/wire/targets.js';
import { executionStream } from '../../src/execution/execution.js';
import { memoryEventStore } from '../../src/index.js';
import { targetStream } from '../../src/target/target.js';
import { follow, openConsole } from './openConsole.js';

describe('the console under load', () => {
  it('shows every call, delays no call, and tells a stalled page how many calls the page missed', async () => {
    const total = 1_500;
    const { actions, call, url, ask, reports } = await openConsole({ calls: { count: 100 } });
    await call({ request: { all: true } }, { type: 'webhook' });
    const reading = await follow(url('/api/calls/live'));
    const stalled = await follow(url('/api/calls/live'));
    await reading.next();
    await stalled.next();
    stalled.answer.pause();
    const numbers: number[] = [];
    // No more calls at once than may wait for the reader.
    for (let made = 0; made < total; made += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, place) => actions.request(`/a.S/M${made + place}`, {})),
      );
      while (numbers.length < made + 50) {
        const line = await reading.next();
        if (line && 'number' in line) numbers.push(line.number);
        else if (!line || 'missed' in line) expect.fail('the reading page missed calls');
      }
    }
    expect(reports, 'each operation was answered while a page stalled').to.have.length(total);
    expect(numbers).to.deep.equal(Array.from({ length: total }, (_, place) => place + 1));
    const { document: plots } = await ask<Plots>('plots');
    const counted = plots.targets[0]?.passed.reduce((sum, count) => sum + count, 0);
    expect([counted, plots.missed]).to.deep.equal([total, 0]);
    expect(actions.calls.list({ limit: 1_000 }), 'no more is kept than asked for').to.have.length(100);
    stalled.answer.resume();
    let told = 0;
    for (let lines = 0; told < total && lines <= total; lines += 1) {
      const line = (await stalled.next()) as LiveLine;
      if ('missed' in line) told += line.missed;
      else if ('number' in line) told += 1;
    }
    expect(told).to.equal(total);
  });

  it('pages through 10 000 targets and executions: each row once', async () => {
    const many = 10_000;
    const store = memoryEventStore();
    const settings = {
      type: 'webhook',
      endpoint: 'https://crm.example/',
      timeoutMs: 1,
      interruptOnError: false,
    };
    for (let place = 0; place < many; place += 1) {
      await store.append(targetStream('default', `t${place}`), [
        {
          type: 'target.added',
          data: { ...settings, name: `target ${place}`, headers: {}, signingKeys: [] },
        },
      ]);
      const id = place === 0 ? 'event' : `event/group${place % 100}.item${place}`;
      await store.append(executionStream('default', id), [
        { type: 'execution.set', data: { targets: [{ type: 'target', target: `t${place}` }] } },
      ]);
    }
    const { ask } = await openConsole({ eventStore: store });
    const idsOf = async (path: string) => {
      const ids = new Set<string>();
      let next: string | undefined;
      let pages = 0;
      do {
        const query = `limit=200${next === undefined ? '' : `&after=${encodeURIComponent(next)}`}`;
        const { document } = await ask<Listed<Target | Execution>>(`${path}${query}`);
        expect(document.total).to.equal(path.includes('tree') ? many - 1 : many);
        for (const { id } of document.items) ids.add(id);
        next = document.next;
        pages += 1;
      } while (next !== undefined && pages < 100);
      return ids.size;
    };
    expect(await idsOf('targets?')).to.equal(many);
    const { document: root } = await ask<Listed<Execution>>('executions/tree?kind=event');
    expect(root.items.map(({ id, children, shadowedBy }) => [id, children, shadowedBy.count])).to.deep.equal([
      ['event', many - 1, many - 1],
    ]);
    const { document: found } = await ask<Listed<Execution>>('executions?search=item9999');
    expect(found.items.map(({ shadows }) => shadows)).to.deep.equal([['event']]);
    const { document: last } = await ask<Listed<Execution>>(
      'executions?limit=200&after=event/group99.item9799',
    );
    expect(last.items.map(({ id }) => id.slice('event/group99.'.length))).to.deep.equal([
      'item9899',
      'item99',
      'item999',
      'item9999',
    ]);
  });
});
