import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { PassThrough, pipeline, Readable, Transform } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { ExpressCase } from './expressCase.js';
import { attempt, stateOf } from './handlerView.js';

const parts = (count: number, size = 10_000) =>
  Array.from({ length: count }, (_, n) => String(n % 10).repeat(size));

/** Every way to write and to stream. */
export const expressWrites: readonly ExpressCase[] = [
  {
    does: 'writes and ends',
    handler: (_q, r, _n, see) => {
      see('wrote', [r.write('one '), r.write('two ', 'utf8'), r.write(Buffer.from('three'))]);
      r.end();
    },
  },
  {
    does: 'writes a head first',
    handler: (_q, r, _n, see) => {
      see('same', r.writeHead(201, { 'x-early': 'yes' }) === r);
      see('state', stateOf(r));
      r.write('one');
      r.end('two');
    },
  },
  {
    does: 'writes a head with a phrase',
    handler: (_q, r) => r.writeHead(200, 'Fine', ['x-a', '1', 'x-b', '2']).end('x'),
  },
  {
    does: 'writes a head for a failure',
    handler: (_q, r) => r.writeHead(409, { 'x-a': 'b' }).end('conflict'),
  },
  {
    does: 'flushes headers',
    handler: async (_q, r, _n, see) => {
      r.set('x-a', 'b').flushHeaders();
      see('state', stateOf(r));
      await setTimeout(15);
      r.end('late');
    },
  },
  { does: 'writes text in latin1', handler: (_q, r) => (r.write('ä', 'latin1'), r.end('ö', 'latin1')) },
  {
    does: 'hears of each write',
    handler: (_q, r, _n, see) => {
      r.write('one', () => see('first'));
      r.write('two', 'utf8', () => see('second'));
      r.end('three', () => see('third'));
    },
  },
  {
    does: 'writes over several turns',
    handler: async (_q, r, _n, see) => {
      for (const part of ['a', 'b', 'c']) {
        see('wrote', r.write(part));
        await setTimeout(3);
      }
      r.end();
    },
  },
  {
    does: 'waits for drain',
    handler: async (_q, r) => {
      for (const part of parts(30)) if (!r.write(part)) await once(r, 'drain');
      r.end();
    },
  },
  {
    does: 'writes more than fits at once',
    handler: (_q, r) => (parts(30).forEach((part) => r.write(part)), r.end()),
  },
  { does: 'corks', handler: (_q, r) => (r.cork(), r.write('a'), r.write('b'), r.uncork(), r.end('c')) },
  {
    does: 'says how long it is',
    handler: (_q, r) => (r.set('content-length', '6'), r.write('abc'), r.end('def')),
  },
  { does: 'pipes a readable', handler: (_q, r) => Readable.from(parts(4)).pipe(r) },
  { does: 'pipes a file', handler: (_q, r) => createReadStream('package.json').pipe(r) },
  { does: 'pipes nothing', handler: (_q, r) => Readable.from([]).pipe(r) },
  {
    does: 'pipes without an end',
    handler: (_q, r) => {
      const source = Readable.from(['a', 'b']);
      source.pipe(r, { end: false });
      source.on('end', () => r.end('c'));
    },
  },
  {
    does: 'unpipes what it piped',
    handler: async (_q, r) => {
      const source = new PassThrough();
      source.pipe(r);
      source.write('a');
      await setImmediate();
      source.unpipe(r);
      r.end('b');
    },
  },
  {
    does: 'runs a pipeline',
    handler: (_q, r, _n, see) =>
      pipeline(Readable.from(parts(4)), createGzip(), r, (error) => see('done', String(error?.message))),
  },
  {
    does: 'runs a pipeline whose source fails before a byte',
    handler: (_q, r, _n, see) => {
      const source = new Readable({ read: () => undefined });
      pipeline(source, r, (error) => see('failed', error));
      source.destroy(new Error('no source'));
    },
  },
  {
    does: 'transforms',
    handler: (_q, r) =>
      Readable.from(['a', 'b'])
        .pipe(new Transform({ transform: (chunk, _e, done) => done(null, String(chunk).toUpperCase()) }))
        .pipe(r),
  },
  {
    does: 'streams a web stream',
    handler: (_q, r) => Readable.fromWeb(new Blob(['web']).stream() as never).pipe(r),
  },
  {
    does: 'sends events of a server',
    handler: async (_q, r) => {
      r.set('content-type', 'text/event-stream').flushHeaders();
      for (const data of [1, 2]) {
        r.write(`data: ${data}\n\n`);
        await setTimeout(2);
      }
      r.end();
    },
  },
  {
    does: 'sends trailers',
    handler: (_q, r) => {
      r.set('trailer', 'x-sum');
      r.write('body');
      r.addTrailers({ 'x-sum': '12' });
      r.end();
    },
  },
  {
    does: 'writes what is no chunk',
    handler: (_q, r, _n, see) => (
      see(
        'w',
        attempt(() => r.write(12)),
      ),
      r.end('x')
    ),
  },
  {
    does: 'writes null',
    handler: (_q, r, _n, see) => (
      see(
        'w',
        attempt(() => r.write(null)),
      ),
      r.json({ a: 1 })
    ),
  },
  {
    does: 'ends with what is no chunk',
    handler: (_q, r, _n, see) => (
      see(
        'e',
        attempt(() => r.end({} as never)),
      ),
      r.end('x')
    ),
  },
  {
    does: 'writes a head that is none',
    handler: (_q, r, _n, see) => {
      see(
        'status',
        attempt(() => r.writeHead(9999)),
      );
      see(
        'header',
        attempt(() => r.writeHead(200, { 'x y': '1' })),
      );
      r.json({ a: 1 });
    },
  },
  {
    does: 'sends early hints',
    handler: (_q, r) => (r.writeEarlyHints({ link: '</style.css>; rel=preload' }), r.json({ a: 1 })),
    differs: {
      reason: 'early hints would leave before the verdict, so they are left out where a response is judged',
      guarded: ({ answer, ...rest }) => ({
        ...rest,
        answer: answer.replace(/^HTTP\/1\.1 103[^]*?\r\n\r\n/, ''),
      }),
    },
  },
];
