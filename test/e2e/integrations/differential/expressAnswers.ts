import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { attempt, stateOf } from './handlerView.js';
import type { ExpressCase } from './expressCase.js';

const file = join(tmpdir(), `eventstore-actions-differential-${process.pid}.txt`);
writeFileSync(file, 'of a file '.repeat(500));

/** Every way of Express and Node to answer. */
export const expressAnswers: readonly ExpressCase[] = [
  { does: 'answers JSON', handler: (_q, r) => r.json({ a: 1 }) },
  { does: 'answers an array as JSON', handler: (_q, r) => r.json([1, [2], { c: 3 }]) },
  { does: 'answers null as JSON', handler: (_q, r) => r.json(null) },
  { does: 'answers a string as JSON', handler: (_q, r) => r.json('text') },
  { does: 'answers a number as JSON', handler: (_q, r) => r.json(12) },
  { does: 'answers undefined as JSON', handler: (_q, r) => r.json(undefined) },
  { does: 'answers a function as JSON', handler: (_q, r) => r.json(() => 1) },
  { does: 'answers a Date as JSON', handler: (_q, r) => r.json(new Date(0)) },
  { does: 'answers what toJSON makes', handler: (_q, r) => r.json({ toJSON: () => [1, 2] }) },
  { does: 'answers JSON of 40 kB', handler: (_q, r) => r.json({ long: 'ä'.repeat(20_000) }) },
  { does: 'answers JSON with a status', handler: (_q, r) => r.status(201).json({ a: 1 }) },
  {
    does: 'answers JSON of a type of its own',
    handler: (_q, r) => r.type('application/hal+json').json({ a: 1 }),
  },
  { does: 'answers JSON with an error status', handler: (_q, r) => r.status(422).json({ wrong: true }) },
  { does: 'answers JSON with 204', handler: (_q, r) => r.status(204).json({ a: 1 }) },
  { does: 'answers JSONP', path: '/?callback=cb', verb: 'GET', handler: (_q, r) => r.jsonp({ a: 1 }) },
  { does: 'answers JSONP without a callback', handler: (_q, r) => r.jsonp({ a: 1 }) },
  { does: 'sends an object', handler: (_q, r) => r.send({ a: 1 }) },
  { does: 'sends text', handler: (_q, r) => r.send('<p>text') },
  { does: 'sends JSON that it wrote itself', handler: (_q, r) => r.type('json').send('{"a":1}') },
  { does: 'sends an empty text', handler: (_q, r) => r.send('') },
  { does: 'sends nothing', handler: (_q, r) => r.send() },
  { does: 'sends bytes', handler: (_q, r) => r.send(Buffer.from([0, 255, 10])) },
  { does: 'sends a boolean', handler: (_q, r) => r.send(true) },
  { does: 'sends a status alone', handler: (_q, r) => r.sendStatus(202) },
  { does: 'sends a failed status alone', handler: (_q, r) => r.sendStatus(404) },
  { does: 'redirects', handler: (_q, r) => r.redirect('/elsewhere') },
  { does: 'redirects with a status', handler: (_q, r) => r.redirect(308, '/elsewhere') },
  {
    does: 'sends a file',
    handler: (_q, r, _n, see) => r.sendFile(file, (error) => see('sent', String(error))),
  },
  { does: 'sends a range of a file', headers: { range: 'bytes=2-6' }, handler: (_q, r) => r.sendFile(file) },
  {
    does: 'sends a range beyond a file',
    headers: { range: 'bytes=90000-' },
    handler: (_q, r) => r.sendFile(file),
  },
  { does: 'offers a download', handler: (_q, r) => r.download(file, 'named.txt') },
  {
    does: 'sends a file that is not there',
    handler: (_q, r, next, see) =>
      r.sendFile('/none/such', (error) => {
        see('failed', error);
        next();
      }),
  },
  { does: 'ends without a body', handler: (_q, r) => r.status(204).end() },
  { does: 'ends with text', handler: (_q, r, _n, see) => see('same', r.end('text') === r) },
  { does: 'ends with text of an encoding', handler: (_q, r) => r.end('74657874', 'hex') },
  {
    does: 'ends with a callback',
    handler: (_q, r, _n, see) => r.end('text', () => see('ended', stateOf(r))),
  },
  { does: 'ends with nothing but a callback', handler: (_q, r, _n, see) => r.end(() => see('ended')) },
  { does: 'answers HEAD with JSON', verb: 'HEAD', handler: (_q, r) => r.json({ a: 1 }) },
  {
    does: 'answers HEAD with writes',
    verb: 'HEAD',
    handler: (_q, r, _n, see) => (see('w', r.write('a')), r.end('b')),
  },
  { does: 'answers GET with JSON', verb: 'GET', handler: (_q, r) => r.json({ a: 1 }) },
  {
    does: 'is fresh to the client',
    verb: 'GET',
    headers: { 'if-none-match': '"tag"' },
    handler: (_q, r) => r.set('etag', '"tag"').json({ a: 1 }),
  },
  { does: 'has a tag of its own', handler: (_q, r) => r.set('etag', '"mine"').json({ a: 1 }) },
  {
    does: 'negotiates',
    headers: { accept: 'text/html' },
    handler: (_q, r) => r.format({ json: () => r.json({}), html: () => r.send('<p>') }),
  },
  {
    does: 'sees that it answered',
    handler: (_q, r, _n, see) => {
      see('before', stateOf(r));
      see('same', r.json({ a: 1 }) === r);
      see('after', [stateOf(r), r.getHeader('content-type')]);
      see(
        'header',
        attempt(() => r.setHeader('x-late', '1')),
      );
    },
  },
];
