import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import type { EventStore, RecordedEvent } from '../../../src/ports.js';
import { memoryEventStore } from '../../../src/stores/memory.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { postgresEventStore } from '../../../src/stores/postgres/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { openSchema } from './postgres/postgresServer.js';

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

interface Opened {
  readonly store: EventStore & AsyncDisposable & { head(): Promise<bigint>; close(): Promise<void> };
  cleanUp(): void | Promise<void>;
}

const kinds: Readonly<Record<string, (options: object, path: string) => Opened | Promise<Opened>>> = {
  memory: (options) => ({ store: memoryEventStore(options), cleanUp: () => undefined }),
  SQLite: (options, path) => ({ store: sqliteEventStore({ path, ...options }), cleanUp: () => undefined }),
  PostgreSQL: async (options) => {
    const { schema, pool, remove } = await openSchema();
    return { store: await postgresEventStore({ pool, schema, ...options }), cleanUp: remove };
  },
};

for (const [kind, open] of Object.entries(kinds))
  describe(`a store of this package: ${kind}`, () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let opened: Opened | undefined;
    beforeEach(() => {
      folder = temporaryFolder();
    });
    afterEach(async () => {
      await opened?.store.close();
      await opened?.cleanUp();
      opened = undefined;
      folder.remove();
    });
    const openStore = async (options: object = {}): Promise<Opened['store']> => {
      opened = await open(options, folder.file('events.db'));
      return opened.store;
    };

    it('says whether the store is local; its versions count from 0n', async () => {
      const store = await openStore();
      const { local, firstVersion }: EventStore = store;
      expect({ ...(local !== undefined && { local }), firstVersion, head: await store.head() }).to.deep.equal(
        {
          ...(kind !== 'PostgreSQL' && { local: true }),
          firstVersion: 0n,
          head: 0n,
        },
      );
    });

    it('takes ids from outside, and time where the store has no clock of its own', async () => {
      const id = '11111111-1111-4111-8111-111111111111';
      const now = kind === 'PostgreSQL' ? {} : { now: () => 1_700_000_000_123 };
      const store = await openStore({ ...now, generateID: () => id });
      await store.append('s', [event]);
      const { value } = (await first(store.readStream('s'))) as IteratorYieldResult<RecordedEvent>;
      expect(value.id).to.equal(id);
      if (kind === 'PostgreSQL') expect(value.created.getTime()).to.be.above(1_700_000_000_123);
      else expect(value.created).to.deep.equal(new Date(1_700_000_000_123));
    });

    it('answers calls made before close(), and refuses later calls', async () => {
      const store = await openStore();
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

    it('ends open subscriptions and reads with an error when the store is closed', async () => {
      const store = await openStore();
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

    it('returns events in order to a reader that asks again before it got the last event', async () => {
      const store = await openStore();
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
      const store = await openStore();
      const iterator = store.subscribe({ signal: endless() })[Symbol.asyncIterator]();
      await iterator.next();
      const waiting = iterator.next();
      expect(await iterator.return?.()).to.deep.equal({ value: undefined, done: true });
      expect(await waiting).to.deep.equal({ value: undefined, done: true });
    });

    it('reports its position to a follower when only other streams were appended to', async () => {
      const store = await openStore();
      const iterator = store.subscribe({ prefixes: ['ours-'], signal: endless() })[Symbol.asyncIterator]();
      await iterator.next();
      const { position } = await store.append('theirs-1', [event, event, event]);
      expect((await iterator.next()).value).to.deep.equal({ checkpoint: position });
      await iterator.return?.();
    });
  });

for (const kind of ['memory', 'SQLite'])
  describe(`a local store: ${kind}`, () => {
    it('lets the process end while a subscription is open', () => {
      const folder = temporaryFolder();
      const script = `
        import { ${kind === 'memory' ? 'memoryEventStore' : 'sqliteEventStore'} as open } from './src/stores/${kind === 'memory' ? 'memory' : 'sqlite/index'}.ts';
        const store = open(${kind === 'memory' ? '' : '{ path: process.argv[1] }'});
        void (async () => {
          for await (const message of store.subscribe({ signal: new AbortController().signal })) console.log(message);
        })();`;
      const run = spawnSync(
        process.execPath,
        ['--import', 'tsx', '--input-type', 'module', '--eval', script, folder.file('events.db')],
        { encoding: 'utf8', timeout: 60_000 },
      );
      folder.remove();
      expect(run.stderr).to.equal('');
      expect(run.stdout).to.contain('caughtUp');
      expect(run.status).to.equal(0);
    });
  });
