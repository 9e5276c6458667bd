import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import type { EventStore } from '../../../src/ports.js';
import { memoryEventStore } from '../../../src/stores/memory.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { temporaryFolder } from '../../stores/temporaryFolder.js';

const event = { type: 'e', data: {} };
const endless = () => new AbortController().signal;

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

const first = (items: AsyncIterable<unknown>) => items[Symbol.asyncIterator]().next();

const kinds = {
  memory: (options: object) => memoryEventStore(options),
  SQLite: (options: object, path: string) => sqliteEventStore({ path, ...options }),
};

for (const [kind, open] of Object.entries(kinds))
  describe(`a local store: ${kind}`, () => {
    let folder: ReturnType<typeof temporaryFolder>;
    beforeEach(() => {
      folder = temporaryFolder();
    });
    afterEach(() => {
      folder.remove();
    });
    const opened = (options: object = {}) => open(options, folder.file('events.db'));

    it('is a local event store whose versions count from 0n', async () => {
      await using store = opened();
      const { local, firstVersion }: EventStore = store;
      expect({ local, firstVersion, head: await store.head() }).to.deep.equal({
        local: true,
        firstVersion: 0n,
        head: 0n,
      });
    });

    it('takes time and ids from outside', async () => {
      const id = '11111111-1111-4111-8111-111111111111';
      await using store = opened({ now: () => 1_700_000_000_123, generateID: () => id });
      await store.append('s', [event]);
      const { value } = (await first(store.readStream('s'))) as IteratorYieldResult<object>;
      expect(value).to.deep.include({ id, created: new Date(1_700_000_000_123) });
    });

    it('answers what was handed over before close(), and refuses what comes later', async () => {
      const store = opened();
      const appended = Array.from({ length: 20 }, () => store.append('s', [event]));
      const closed = store.close();
      const late = await failure(store.append('s', [event]));
      expect((await Promise.all(appended)).map(({ version }) => Number(version))).to.deep.equal(
        Array.from({ length: 20 }, (_, version) => version),
      );
      await closed;
      await store.close();
      for (const error of [
        late,
        await failure(store.append('s', [event])),
        await failure(store.head()),
        await failure(first(store.readStream('s'))),
        await failure(first(store.subscribe({ signal: endless() }))),
      ])
        expect(error).to.have.property('code', 'EVENT_STORE_UNAVAILABLE');
    });

    it('ends open subscriptions and reads with an error when it is closed', async () => {
      const store = opened();
      await store.append(
        's',
        Array.from({ length: 600 }, () => event),
      );
      const reading = store.readStream('s')[Symbol.asyncIterator]();
      await reading.next();
      const waiting = store.subscribe({ after: 600n, signal: endless() })[Symbol.asyncIterator]();
      await waiting.next();
      const next = failure(waiting.next());
      await store.close();
      expect(await next).to.have.property('code', 'EVENT_STORE_UNAVAILABLE');
      let error: unknown;
      for (let asked = 0; asked < 600 && error === undefined; asked += 1)
        error = await failure(reading.next());
      expect(error).to.have.property('code', 'EVENT_STORE_UNAVAILABLE');
    });

    it('hands out events in order to a reader that does not wait for the last one', async () => {
      await using store = opened();
      await store.append(
        's',
        Array.from({ length: 1_100 }, () => event),
      );
      const iterator = store.readStream('s')[Symbol.asyncIterator]();
      const all = await Promise.all(Array.from({ length: 1_102 }, () => iterator.next()));
      expect(all.map((one) => (one.done === true ? 'end' : Number(one.value.version)))).to.deep.equal([
        ...Array.from({ length: 1_100 }, (_, version) => version),
        'end',
        'end',
      ]);
    });

    it('can be left while a reader waits for the next message', async () => {
      await using store = opened();
      const iterator = store.subscribe({ signal: endless() })[Symbol.asyncIterator]();
      await iterator.next();
      const waiting = iterator.next();
      expect(await iterator.return?.()).to.deep.equal({ value: undefined, done: true });
      expect(await waiting).to.deep.equal({ value: undefined, done: true });
    });

    it('tells a follower how far it has looked when only others were appended to', async () => {
      await using store = opened();
      const iterator = store.subscribe({ prefixes: ['ours-'], signal: endless() })[Symbol.asyncIterator]();
      await iterator.next();
      const { position } = await store.append('theirs-1', [event, event, event]);
      expect((await iterator.next()).value).to.deep.equal({ checkpoint: position });
      await iterator.return?.();
    });

    it('lets the process end while a subscription is open', () => {
      const script = `
        import { ${kind === 'memory' ? 'memoryEventStore' : 'sqliteEventStore'} as open } from './src/stores/${kind === 'memory' ? 'memory' : 'sqlite/index'}.ts';
        const store = open(${kind === 'memory' ? '' : '{ path: process.argv[1] }'});
        void (async () => {
          for await (const message of store.subscribe({ signal: new AbortController().signal })) console.log(message);
        })();`;
      const run = spawnSync(
        process.execPath,
        ['--import', 'tsx', '--input-type', 'module', '--eval', script, folder.file('events.db')],
        { encoding: 'utf8', timeout: 15_000 },
      );
      expect(run.stderr).to.equal('');
      expect(run.stdout).to.contain('caughtUp');
      expect(run.status).to.equal(0);
    });
  });
