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

/** How often code of src parses an endpoint while `enter` runs: by its regular expression, or as a URL. */
async function parsesOf(enter: () => Promise<unknown>): Promise<number> {
  const { URL: Native } = globalThis;
  const { exec } = RegExp.prototype;
  let count = 0;
  const isOurs = () => (new Error('here').stack ?? '').split('\n')[3]?.includes(src) === true;
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    if (this.source.startsWith('^(https?):') && isOurs()) count++;
    return exec.call(this, text);
  };
  globalThis.URL = class extends Native {
    constructor(...parameters: ConstructorParameters<typeof Native>) {
      super(...parameters);
      if (isOurs()) count++;
    }
  };
  try {
    await enter();
  } finally {
    RegExp.prototype.exec = exec;
    globalThis.URL = Native;
  }
  return count;
}

describe('the endpoint of a target', () => {
  it('is parsed once for each version of the target', async () => {
    const { call, guarded, actions } = await openActions();
    const [endpoint] = await call({ event: { all: true } }, {});
    const { server, id } = endpoint ?? expect.fail();
    const append = () => guarded.append('order-1', [{ type: 'order.placed', data: { total: 1 } }]);
    expect(await parsesOf(append)).to.equal(1);
    expect(await parsesOf(append)).to.equal(0);
    await actions.targets.change(id, { endpoint: `${server.url()}?changed` });
    expect(await parsesOf(append)).to.equal(1);
    expect(await parsesOf(append)).to.equal(0);
    expect(server.received).to.have.length(4);
  });
});

describe('the stack from append to http.request', () => {
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
