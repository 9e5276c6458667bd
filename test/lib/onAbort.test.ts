import { getEventListeners, once } from 'node:events';
import { expect } from 'chai';
import { onAbort } from '../../src/lib/onAbort.js';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('onAbort', () => {
  it('calls each callback once per registration, in the order of registration', () => {
    const stop = new AbortController();
    const called: number[] = [];
    const twice = () => called.push(3);
    onAbort(stop.signal, () => called.push(1));
    onAbort(stop.signal, () => called.push(2));
    onAbort(stop.signal, twice);
    onAbort(stop.signal, twice);
    stop.abort();
    stop.abort();
    expect(called).to.deep.equal([1, 2, 3, 3]);
  });

  it('calls at once for a signal that is aborted already, and never without a signal', () => {
    const called: number[] = [];
    onAbort(AbortSignal.abort(), () => called.push(1));
    onAbort(undefined, () => called.push(2))();
    expect(called).to.deep.equal([1]);
  });

  it('calls no callback that was removed, also by an earlier callback', () => {
    const stop = new AbortController();
    const called: string[] = [];
    onAbort(stop.signal, () => called.push('ended'))();
    const ends: (() => void)[] = [];
    onAbort(stop.signal, () => {
      called.push('first');
      for (const end of ends) end();
    });
    ends.push(onAbort(stop.signal, () => called.push('second')));
    stop.abort();
    expect(called).to.deep.equal(['first']);
  });

  it('keeps one listener on a signal that thousands wait for, and no listener afterwards', async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on('warning', hear);
    const { signal } = new AbortController();
    const ends = Array.from({ length: 5_000 }, () => onAbort(signal, () => undefined));
    expect(listenersOf(signal)).to.equal(1);
    for (const end of ends) end();
    for (const end of ends) end();
    expect(listenersOf(signal)).to.equal(0);
    onAbort(signal, () => undefined);
    expect(listenersOf(signal)).to.equal(1);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', hear);
    expect(warnings).to.deep.equal([]);
  });

  it('reports a callback that throws, and still calls the others', async () => {
    const stop = new AbortController();
    const called: string[] = [];
    onAbort(stop.signal, () => {
      throw new Error('thrown by a callback');
    });
    onAbort(stop.signal, () => called.push('next'));
    const warned = once(process, 'warning') as Promise<[Error]>;
    stop.abort();
    expect(called).to.deep.equal(['next']);
    expect((await warned)[0].message).to.contain('thrown by a callback');
  });
});
