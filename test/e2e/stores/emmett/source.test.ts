import { expect } from 'chai';
import { isActionsError, type EventStore, type RecordedEvent } from 'eventstore-actions';
import { emmettPostgreSQLSource } from 'eventstore-actions/postgres';
import { deliverySourceContract } from 'eventstore-actions/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { markOf, openEmmett, told, type EmmettDatabase, type Session } from './emmettDatabase.js';
import { until } from '../../../support/conditions.js';

deliverySourceContract('emmettPostgreSQLSource', async () => {
  const { store, source, close } = await openEmmett();
  const append: EventStore['append'] = async (stream, events) => {
    const { nextExpectedStreamVersion } = await store.appendToStream(
      stream,
      events.map(({ type, data }) => ({ type, data: data as Record<string, unknown> })),
    );
    return { version: nextExpectedStreamVersion };
  };
  return { source, append, cleanUp: close };
});

describe('emmettPostgreSQLSource', () => {
  let emmett: EmmettDatabase;
  const sessions: Session[] = [];

  beforeEach(async () => {
    emmett = await openEmmett();
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.release();
    await emmett.close();
  });

  async function begun(): Promise<Session> {
    const session = await emmett.session();
    sessions.push(session);
    await session.begin();
    return session;
  }
  async function append(stream: string, ...marks: readonly string[]): Promise<void> {
    const session = await begun();
    await session.append(stream, ...marks);
    await session.end('COMMIT');
  }
  const marks = async (after?: bigint): Promise<string> =>
    (await told(emmett.source, after)).map(markOf).join(' ');

  /** Waits for all of them: another transaction of the server, such as an `ANALYZE`, may delay them for a moment. */
  async function all(count: number, prefixes?: readonly string[]): Promise<readonly RecordedEvent[]> {
    for (let tries = 0; tries < 1_000; tries++) {
      const events = await told(emmett.source, 0n, prefixes);
      if (events.length >= count) return events;
      await pause(10);
    }
    throw new Error('events stay away');
  }
  const allMarks = async (count: number): Promise<string> => (await all(count)).map(markOf).join(' ');

  /** Follows the source while the test runs. */
  function follow() {
    const left = new AbortController();
    const events: RecordedEvent[] = [];
    const done = (async () => {
      for await (const message of emmett.source.subscribe({ signal: left.signal }))
        if ('stream' in message) events.push(message);
    })();
    return {
      events,
      async seen(count: number) {
        await until(() => events.length >= count);
        return events.map(markOf).join(' ');
      },
      async leave() {
        left.abort();
        await done;
      },
    };
  }

  for (const how of ['COMMIT', 'ROLLBACK'] as const)
    it(`delivers no event after a transaction that is still open, until its ${how}`, async () => {
      await append('order-1', 'a');
      const slow = await begun();
      await slow.append('order-2', 'b');
      await append('order-3', 'c');
      expect(await allMarks(1)).to.equal('a');
      const head = await emmett.source.head();
      const follower = follow();
      expect(await follower.seen(1)).to.equal('a');
      await slow.end(how);
      const later = how === 'COMMIT' ? 'b c' : 'c';
      expect(await follower.seen(how === 'COMMIT' ? 3 : 2)).to.equal(`a ${later}`);
      expect(await marks(head)).to.equal(later);
      await follower.leave();
    });

  it('is not held up by transactions that only read', async () => {
    const client = await emmett.pool.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM emt_messages');
    await append('order-1', 'a');
    expect(await allMarks(1)).to.equal('a');
    await client.query('COMMIT');
    client.release();
  });

  it('keeps the order of a stream to which an older transaction appended after newer ones', async () => {
    const old = await begun();
    const older = await begun();
    await append('order-1', 'a', 'b');
    await append('order-2', 'x');
    await older.append('order-1', 'c');
    await older.end('COMMIT');
    await old.append('order-1', 'd', 'e');
    await old.append('order-3', 'y');
    await old.end('COMMIT');
    await append('order-1', 'f');
    // The messages of the older two transactions in order-1 count with the transaction of a and b.
    expect(await allMarks(8)).to.equal('y a b c d e x f');
  });

  it('delivers, from each position on, the same events as the whole read after that position', async () => {
    const events = await randomHistory(200);
    const everything = await all(events);
    expect(everything).to.have.lengthOf(events);
    const perStream = new Map<string, bigint>();
    let last = -1n;
    for (const { stream, version, position } of everything) {
      expect(position > last).to.equal(true);
      last = position;
      expect(version).to.equal((perStream.get(stream) ?? 0n) + 1n);
      perStream.set(stream, version);
    }
    for (const [index, { position }] of everything.entries())
      expect((await told(emmett.source, position)).map(({ id }) => id)).to.deep.equal(
        everything.slice(index + 1).map(({ id }) => id),
      );
    const some = ['order-1', 'order-3'];
    expect((await all(1, some)).map(({ id }) => id)).to.deep.equal(
      everything.filter(({ stream }) => some.includes(stream)).map(({ id }) => id),
    );
    // A read of a stream gives the same positions.
    for (const stream of perStream.keys())
      for (const direction of ['forwards', 'backwards'] as const) {
        const read: RecordedEvent[] = [];
        for await (const event of emmett.source.readStream(stream, { direction, from: 4n })) read.push(event);
        const wanted = everything.filter(
          (event) =>
            event.stream === stream && (direction === 'forwards' ? event.version >= 4n : event.version <= 4n),
        );
        expect(read).to.deep.equal(direction === 'forwards' ? wanted : wanted.reverse());
      }
  }).timeout(120_000);

  it('gives a follower the same events in the same order while transactions overlap', async () => {
    const follower = follow();
    const events = await randomHistory(400);
    await follower.seen(events);
    expect(follower.events).to.deep.equal(await all(events));
    await follower.leave();
  }).timeout(120_000);

  it('reads transactions of more messages than a page holds, followed by an older transaction of as many', async () => {
    const old = await begun();
    const many = (letter: string) => Array.from({ length: 600 }, (_, index) => `${letter}${index}`);
    await append('order-1', ...many('a'));
    await old.append('order-1', ...many('b'));
    await old.end('COMMIT');
    const everything = await all(1_200);
    expect(everything.map(markOf)).to.deep.equal([...many('a'), ...many('b')]);
    for (const index of [100, 599, 600, 900, 1_199])
      expect(await told(emmett.source, everything[index]?.position)).to.have.lengthOf(1_199 - index);
    const read: RecordedEvent[] = [];
    for await (const event of emmett.source.readStream('order-1', { limit: 1_000 })) read.push(event);
    expect(read).to.deep.equal(everything.slice(0, 1_000));
  });

  it('finds nothing where a name has a NUL, which PostgreSQL cannot keep', async () => {
    await append('order-1', 'a');
    await all(1);
    expect(await told(emmett.source, 0n, ['\u0000'])).to.deep.equal([]);
    expect((await told(emmett.source, 0n, ['\u0000', 'order-'])).map(markOf)).to.deep.equal(['a']);
    for await (const event of emmett.source.readStream('order-\u0000')) expect.fail(markOf(event));
  });

  it('bounds the bytes of a page', async () => {
    const large = 'x'.repeat(3_000_000);
    for (let count = 0; count < 4; count++) await append('order-1', `${count}${large}`);
    expect((await all(4)).map((event) => markOf(event)[0])).to.deep.equal(['0', '1', '2', '3']);
  });

  it('names the fault of a database that was restored from a dump, or has no tables of Emmett', async () => {
    await append('order-1', 'a');
    await emmett.pool.query("UPDATE emt_messages SET transaction_id = '99999999'");
    const failure = async (): Promise<string> =>
      marks().catch((error: unknown) =>
        isActionsError(error) ? `${error.code}: ${error.detail}` : String(error),
      );
    expect(await failure()).to.match(/^EVENT_STORE_UNAVAILABLE: .*restored from a dump/);
    await emmett.pool.query("UPDATE emt_messages SET transaction_id = '3'");
    expect(await failure()).to.equal('a');
    const elsewhere = emmettPostgreSQLSource({ pool: emmett.pool, schema: 'elsewhere' });
    expect(await told(elsewhere).catch((error: unknown) => isActionsError(error) && error.detail)).to.match(
      /Emmett's tables are not there/,
    );
  });

  it('refuses malformed options', () => {
    const { pool } = emmett;
    for (const options of [
      { pool: {} },
      { pool, schema: 'Upper' },
      { pool, pollMs: 0 },
      { pool, partition: '' },
    ])
      expect(() => emmettPostgreSQLSource(options as never))
        .to.throw()
        .with.property('code', 'INVALID_ARGUMENT');
  });

  /** Runs transactions that overlap at random, on few streams. Returns the number of committed events. */
  async function randomHistory(steps: number): Promise<number> {
    let seed = steps;
    const draw = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const open: { readonly session: Session; readonly streams: Set<string>; count: number }[] = [];
    let mark = 0;
    let committed = 0;
    for (let step = 0; step < steps; step++) {
      const kind = draw(10);
      if (open.length === 0 || (kind < 2 && open.length < 5))
        open.push({ session: await begun(), streams: new Set(), count: 0 });
      const place = draw(open.length);
      const one = open[place];
      if (one === undefined) continue;
      if (kind < 7) {
        const stream = `order-${draw(4)}`;
        // A transaction that has the stream locked would make this one wait.
        if (open.some((other) => other !== one && other.streams.has(stream))) continue;
        one.streams.add(stream);
        const length = 1 + draw(3);
        await one.session.append(stream, ...Array.from({ length }, () => `m${(mark += 1)}`));
        one.count += length;
      } else {
        const how = draw(5) === 0 ? 'ROLLBACK' : 'COMMIT';
        await one.session.end(how);
        open.splice(place, 1);
        sessions.splice(sessions.indexOf(one.session), 1);
        one.session.release();
        if (how === 'COMMIT') committed += one.count;
      }
    }
    for (const { session, count } of open) {
      await session.end('COMMIT');
      committed += count;
    }
    return committed;
  }
});
