import { expect } from 'chai';
import type { CallReport } from '../../../src/index.js';
import { createCallLog } from '../../../src/firing/reporting/callLog.js';

const report = (instanceID: string, callID: string, more: Partial<CallReport> = {}): CallReport => ({
  kind: 'event',
  condition: 'event/a',
  executionID: 'event',
  instanceID,
  targetID: 't',
  name: 'crm',
  callID,
  attempt: 1,
  durationMs: 1,
  verdict: 'passed',
  enforced: true,
  ...more,
});
const now = () => 0;
const mebibyte = 1_048_576;

const iterate = <Item>(items: AsyncIterable<Item>): AsyncIterator<Item> => items[Symbol.asyncIterator]();

describe('the log of calls', () => {
  const idsOf = (log: ReturnType<typeof createCallLog>, instanceID: string) =>
    log
      .calls(() => instanceID)
      .list({ limit: 10_000 })
      .map(({ callID }) => callID);

  it('keeps a bounded number of the latest calls', () => {
    const log = createCallLog({ count: 3, bytes: mebibyte }, now);
    for (const id of ['1', '2', '3', '4', '5']) log.add(report('a', id), undefined);
    expect(idsOf(log, 'a')).to.deep.equal(['5', '4', '3']);
  });

  it('keeps a bounded number of bytes, and drops a single call that is larger', () => {
    const log = createCallLog({ count: 1_000, bytes: 10_000 }, now);
    for (let place = 0; place < 100; place += 1)
      log.add(report('a', String(place)), { sentBody: 'x'.repeat(3_000) });
    expect(idsOf(log, 'a')).to.deep.equal(['99', '98', '97']);
    log.add(report('a', 'large'), { sentBody: 'x'.repeat(10_000) });
    expect(idsOf(log, 'a')).to.deep.equal([]);
    log.add(report('a', 'next'), undefined);
    expect(idsOf(log, 'a')).to.deep.equal(['next']);
  });

  it('drops calls of the instance with the most, so that a busy instance displaces no other', () => {
    const log = createCallLog({ count: 10, bytes: mebibyte }, now);
    for (const id of ['1', '2', '3']) log.add(report('quiet', id), undefined);
    for (let place = 0; place < 1_000; place += 1) log.add(report('busy', String(place)), undefined);
    expect(idsOf(log, 'quiet')).to.deep.equal(['3', '2', '1']);
    expect(idsOf(log, 'busy')).to.have.length(7);
  });

  it('gives a slow subscriber the latest 1 000 calls and the count of the missed calls, and a quick subscriber all calls', async () => {
    const log = createCallLog({ count: 1, bytes: mebibyte }, now);
    const calls = log.calls(() => 'a');
    const [slow, quick] = [iterate(calls.subscribe()), iterate(calls.subscribe())];
    const firstOfSlow = slow.next();
    let nextOfQuick = quick.next();
    const read: unknown[] = [];
    for (let place = 0; place < 5_000; place += 1) {
      log.add(report('a', String(place)), undefined);
      const told = await nextOfQuick;
      read.push((told.value as CallReport).callID);
      nextOfQuick = quick.next();
    }
    expect(read).to.deep.equal(Array.from({ length: 5_000 }, (_, place) => String(place)));
    // The slow subscriber had asked for one call, which it received at once.
    expect((await firstOfSlow).value).to.have.property('callID', '0');
    expect((await slow.next()).value).to.deep.equal({ missed: 3_999 });
    expect((await slow.next()).value).to.have.property('callID', '4000');
    log.close();
  });

  it('holds at most 4 MiB for a slow subscriber', async () => {
    const log = createCallLog({ count: 1, bytes: mebibyte }, now);
    const slow = iterate(log.calls(() => 'a').subscribe());
    const first = slow.next();
    for (let place = 0; place < 900; place += 1)
      log.add(report('a', String(place)), { sentBody: 'x'.repeat(10_000) });
    const { missed } = (await first).value as { readonly missed: number };
    expect(missed).to.be.within(450, 550);
    log.close();
  });

  it('ends subscriptions with their signal, with their loop and with the log, and takes 100 at most', async () => {
    const log = createCallLog({ count: 1, bytes: mebibyte }, now);
    const calls = log.calls(() => 'a');
    const ending = new AbortController();
    const aborted = iterate(calls.subscribe({ signal: ending.signal })).next();
    ending.abort();
    expect(await aborted).to.deep.equal({ value: undefined, done: true });
    const open = Array.from({ length: 100 }, () => iterate(calls.subscribe()));
    const waiting = open.map((each) => each.next());
    const error: unknown = await iterate(calls.subscribe())
      .next()
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'INVALID_ARGUMENT');
    log.add(report('a', '1'), undefined);
    await Promise.all(waiting);
    await open[0]?.return?.();
    const again = iterate(calls.subscribe()).next();
    log.close();
    expect(await again).to.deep.equal({ value: undefined, done: true });
  });

  it('filters both lists and subscriptions', async () => {
    const log = createCallLog({ count: 100, bytes: mebibyte }, now);
    const calls = log.calls(() => 'a');
    const failed = iterate(calls.subscribe({ verdict: 'failed' })).next();
    log.add(report('a', '1', { targetID: 'other' }), undefined);
    log.add(report('a', '2', { condition: 'event/b' }), undefined);
    log.add(report('b', '3', { verdict: 'failed' }), undefined);
    log.add(report('a', '4', { verdict: 'failed' }), undefined);
    const ids = (query: Parameters<typeof calls.list>[0]) => calls.list(query).map(({ callID }) => callID);
    expect((await failed).value).to.have.property('callID', '4');
    expect(ids({ targetID: 'other' })).to.deep.equal(['1']);
    expect(ids({ condition: 'event/b' })).to.deep.equal(['2']);
    expect(ids({ verdict: 'failed', targetID: 't' })).to.deep.equal(['4']);
    expect(ids({ limit: 2 })).to.deep.equal(['4', '2']);
    expect(ids({ since: new Date(1) })).to.deep.equal([]);
    for (const wrong of [{ limit: 0 }, { verdict: 'none' }, { since: new Date(NaN) }, { other: 1 }])
      expect(() => calls.list(wrong as never))
        .to.throw()
        .with.property('code', 'INVALID_ARGUMENT');
    log.close();
  });
});
