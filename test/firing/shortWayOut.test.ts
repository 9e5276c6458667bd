import { expect } from 'chai';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';
import { openActions } from '../support/openActions.js';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** The functions of src between a call that enters it and `http.request`, outermost first, as `file:line function`. */
async function framesOf(enter: () => Promise<unknown>): Promise<readonly string[]> {
  const { request } = http;
  const { stackTraceLimit } = Error;
  let frames: readonly string[] | undefined;
  http.request = ((...parameters: Parameters<typeof request>) => {
    Error.stackTraceLimit = Infinity;
    frames ??= (new Error('here').stack ?? '').split('\n').filter((line) => line.includes(src));
    Error.stackTraceLimit = stackTraceLimit;
    return request(...parameters);
  }) as typeof request;
  syncBuiltinESMExports();
  try {
    await enter();
  } finally {
    http.request = request;
    syncBuiltinESMExports();
  }
  if (frames === undefined) expect.fail('nothing was sent');
  return frames.map((line) => line.trim().replace(src, '')).toReversed();
}

describe('the way from append to the line that sends', () => {
  it('is at most 16 functions of this library', async () => {
    const { call, guarded } = await openActions();
    await call({ event: { all: true } }, {});
    const append = () => guarded.append('order-1', [{ type: 'order.placed', data: { total: 1 } }]);
    await append();
    const frames = await framesOf(append);
    expect(frames.length, frames.join('\n')).to.be.within(2, 16);
    expect(frames[0]).to.match(/append/i);
    expect(frames.at(-1)).to.contain('exchange');
  });
});
