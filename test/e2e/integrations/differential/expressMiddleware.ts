import type { RequestHandler, Response } from 'express';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { ExpressCase } from './expressCase.js';
import { stateOf } from './handlerView.js';

type Method = (...sent: unknown[]) => unknown;

/** Compresses as the package `compression` does: it overrides `on`, `write` and `end`, and takes over `drain`. */
export const compressing: RequestHandler = (_request, response, next) => {
  const methods = response as unknown as Record<'on' | 'write' | 'end' | 'flush', Method>;
  const [on, write, end] = [methods.on, methods.write, methods.end];
  let stream: Writable | undefined;
  let waiting: unknown[][] | undefined = [];
  let isEnded = false;

  function begin(): void {
    if (!waiting) return;
    const drains = waiting;
    waiting = undefined;
    if (response.statusCode !== 204 && !response.hasHeader('content-encoding')) {
      const gzip = createGzip();
      stream = gzip;
      response.setHeader('content-encoding', 'gzip');
      response.removeHeader('content-length');
      gzip.on('data', (chunk) => {
        if (write.call(response, chunk) === false) gzip.pause();
      });
      gzip.on('end', () => end.call(response));
      on.call(response, 'drain', () => gzip.resume());
    }
    for (const [event, listener] of drains)
      if (stream) stream.on(event as string, listener as () => void);
      else on.call(response, event, listener);
  }
  methods.on = (event, listener) => {
    if (event !== 'drain') return on.call(response, event, listener);
    if (stream) stream.on('drain', listener as () => void);
    else if (waiting) waiting.push([event, listener]);
    else on.call(response, event, listener);
    return response;
  };
  methods.write = (...sent) => {
    if (isEnded) return false;
    if (!response.headersSent) begin();
    return stream ? stream.write(Buffer.from(sent[0] as string)) : write.apply(response, sent);
  };
  methods.end = (...sent) => {
    if (isEnded) return false;
    if (!response.headersSent) begin();
    if (!stream) return end.apply(response, sent);
    isEnded = true;
    return sent[0] === undefined || sent[0] === null
      ? stream.end()
      : stream.end(Buffer.from(sent[0] as string));
  };
  next();
};

/** Sets a header at the last moment, as session middleware does. */
const lastHeader: RequestHandler = (_request, response, next) => {
  const writeHead = response.writeHead.bind(response) as Method;
  response.writeHead = ((...sent: unknown[]) => {
    response.setHeader('x-last', 'set');
    return writeHead(...sent);
  }) as Response['writeHead'];
  next();
};

/** Ends a turn later, as middleware that saves a session first does. */
const lateEnd: RequestHandler = (_request, response, next) => {
  const end = response.end.bind(response) as Method;
  response.end = ((...sent: unknown[]) => {
    setImmediate(() => end(...sent));
    return response;
  }) as Response['end'];
  next();
};

const wrappedJSON: RequestHandler = (_request, response, next) => {
  const json = response.json.bind(response);
  response.json = (body: unknown) => json({ data: body });
  next();
};

const wrappedSend: RequestHandler = (_request, response, next) => {
  const send = response.send.bind(response);
  response.send = (body: unknown) => send(typeof body === 'string' ? body.replace('a', 'z') : body);
  next();
};

const long = 'long '.repeat(20_000);
const drained = async (r: Response) => {
  for (let times = 0; times < 30; times++) if (!r.write(long.slice(0, 10_000))) await once(r, 'drain');
  r.end();
};

const inBothPlaces = (
  does: string,
  middleware: RequestHandler,
  handler: ExpressCase['handler'],
): ExpressCase[] => [
  { does: `${does} before the guard`, before: [middleware], handler },
  { does: `${does} between guard and handler`, between: [middleware], handler },
];

/** Middleware that overrides methods of the response, and settings of the application. */
export const expressMiddleware: readonly ExpressCase[] = [
  ...inBothPlaces('answers JSON under compression', compressing, (_q, r) => r.json({ long })),
  ...inBothPlaces('writes under compression', compressing, (_q, r) => {
    r.write('a');
    r.end('b');
  }),
  ...inBothPlaces('waits for drain under compression', compressing, (_q, r) => drained(r)),
  ...inBothPlaces('pipes a file under compression', compressing, (_q, r) =>
    createReadStream('package-lock.json', { end: 60_000 }).pipe(r),
  ),
  ...inBothPlaces('sends a file under compression', compressing, (_q, r) =>
    r.sendFile('package.json', { root: '.' }),
  ),
  ...inBothPlaces('answers 204 under compression', compressing, (_q, r) => r.status(204).end()),
  ...inBothPlaces('answers under a header of the last moment', lastHeader, (_q, r) => r.json({ a: 1 })),
  ...inBothPlaces('answers under an end of a later turn', lateEnd, (_q, r, _n, see) => {
    r.json({ a: 1 });
    see('state', stateOf(r));
  }).map((given): ExpressCase =>
    given.before
      ? {
          ...given,
          differs: {
            reason:
              'a response looks sent to its handler from when it is held, also where middleware before the guard sends it later',
            guarded: ({ answer, seen }) => ({ answer, seen: ['state: [true,true,200]', ...seen.slice(1)] }),
          },
        }
      : given,
  ),
  ...inBothPlaces('answers under a wrapped json', wrappedJSON, (_q, r) => r.json({ a: 1 })),
  ...inBothPlaces('answers under a wrapped send', wrappedSend, (_q, r) => r.json({ a: 1 })),
  {
    does: 'answers under a replacer',
    settings: { 'json replacer': (key: string, value: unknown) => (key === 'hash' ? undefined : value) },
    handler: (_q, r) => r.json({ a: 1, hash: 'x' }),
  },
  { does: 'answers under spaces', settings: { 'json spaces': 2 }, handler: (_q, r) => r.json({ a: [1] }) },
  {
    does: 'answers under an escape',
    settings: { 'json escape': true },
    handler: (_q, r) => r.json({ a: '<b>&' }),
  },
  { does: 'answers without tags', settings: { etag: false }, handler: (_q, r) => r.json({ a: 1 }) },
  { does: 'answers with strong tags', settings: { etag: 'strong' }, handler: (_q, r) => r.json({ a: 1 }) },
  { does: 'echoes its body', handler: (q, r) => r.json({ got: q.body as unknown }) },
];
