import { expect } from 'chai';
import express, { type RequestHandler, type Response } from 'express';
import { createServer, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { expressActions } from '../../src/integrations/express/index.js';
import { refusal } from '../support/answers.js';
import { openActions } from '../support/openActions.js';
import { rawAnswer } from '../e2e/integrations/differential/rawAnswer.js';
import { method } from './httpServer.js';
import { express4 } from './olderFrameworks.js';
import { listen } from '../support/listen.js';

type Method = (this: unknown, ...sent: readonly unknown[]) => unknown;
const of = (name: string): Method => Reflect.get(ServerResponse.prototype, name) as Method;
const secret = 'x-unjudged';

/** Calls that a handler may make between the verdict and the end that middleware delays. */
const ways: Readonly<Record<string, (response: Response) => unknown>> = {
  'a header': (r) => r.setHeader(secret, '1'),
  'a header, by the prototype': (r) => of('setHeader').call(r, secret, '1'),
  'a header that is removed': (r) => r.removeHeader('content-type'),
  'a status': (r) => {
    r.statusCode = 299;
    r.statusMessage = secret;
  },
  'a head': (r) => r.writeHead(299, { [secret]: '1' }),
  'a head, by the prototype': (r) => of('writeHead').call(r, 299, { [secret]: '1' }),
  'a trailer, by the prototype': (r) => of('addTrailers').call(r, { [secret]: '1' }),
  'a write': (r) => r.write(secret),
  'a write, by the prototype': (r) => of('write').call(r, secret),
  'an end': (r) => r.end(secret),
  'an end, by the prototype': (r) => of('end').call(r, secret),
  'an answer': (r) => r.status(299).json({ [secret]: 1 }),
  "Node's own _send": (r) => (Reflect.get(r, '_send') as Method).call(r, secret, 'utf8'),
};

/** Runs callbacks outside the contexts of all requests, as a pool of connections does. */
const pool: (() => void)[] = [];
const drawing = setInterval(() => pool.shift()?.(), 2);
drawing.unref();

type Save = (saved: () => void) => void;
const saves: Readonly<Record<string, Save>> = {
  'in the context of its caller': (saved) => void setTimeout(30).then(saved),
  'in a context of its own': (saved) => {
    pool.push(saved);
  },
};

/** Ends a response only after a session was saved, by the original method. */
const endingLate =
  (save: Save, whenAsked: () => void): RequestHandler =>
  (_request, response, next) => {
    const end = Reflect.get(response, 'end') as Method;
    const ending: Method = (...sent) => {
      whenAsked();
      save(() => end.call(response, ...sent));
      return response;
    };
    Object.assign(response, { end: ending });
    next();
  };

/** As express-session: sends the last byte only after the session was saved. */
const writingFirst =
  (save: Save, whenAsked: () => void): RequestHandler =>
  (_request, response, next) => {
    const [write, end] = [Reflect.get(response, 'write'), Reflect.get(response, 'end')] as Method[];
    const ending: Method = (chunk) => {
      const bytes = Buffer.from((chunk as string | undefined) ?? '');
      if (bytes.length > 0) write?.call(response, bytes.subarray(0, -1));
      whenAsked();
      save(() => end?.call(response, bytes.subarray(-1)));
      return response;
    };
    Object.assign(response, { end: ending });
    next();
  };

for (const [framework, create] of [
  ['Express 5', express],
  ['Express 4', express4],
] as const)
  describe(`a response of ${framework} that middleware before the guard ends later`, () => {
    async function answerOf(
      verdict: 'refused' | 'allowed',
      middleware: (whenAsked: () => void) => RequestHandler,
      tries?: (response: Response) => unknown,
    ) {
      const { actions, call } = await openActions();
      const script = verdict === 'refused' ? refusal(403, 'no') : {};
      await call({ response: { method } }, { type: 'requestResponse', interruptOnError: true, script });
      let isAsked = (): void => undefined;
      const asked = new Promise<void>((resolve) => (isAsked = resolve));
      const app = create().set('env', 'test');
      app.use(middleware(isAsked));
      const handler: RequestHandler = async (_request, response) => {
        response.on('error', () => undefined);
        response.json({ a: 1 });
        await asked;
        if (!tries) return;
        try {
          actions.runAs({ userID: 'another' }, () => tries(response));
          tries(response);
        } catch {
          // The same as after a response that was sent.
        }
      };
      app.post('/', expressActions(actions, { method }), handler);
      const port = await listen(createServer(app));
      const answer = await rawAnswer({ port, path: '/' });
      return answer.replace(/Date: .*\r\n/, '');
    }

    for (const [how, middleware] of [
      ['end', endingLate],
      ['write and end', writingFirst],
    ] as const)
      for (const [where, save] of Object.entries(saves))
        for (const verdict of ['refused', 'allowed'] as const)
          it(`is sent whole where it is ${verdict}, and saved ${where}, by ${how}`, async () => {
            const answer = await answerOf(verdict, (asked) => middleware(save, asked));
            const [status, body] =
              verdict === 'refused' ? ['403 Forbidden', '"reason":"refused"}'] : ['200 OK', '{"a":1}'];
            expect(answer).to.match(new RegExp(`^HTTP/1.1 ${status}\r\n`));
            expect(answer.endsWith(body), answer).to.equal(true);
          });

    for (const verdict of ['refused', 'allowed'] as const)
      for (const [way, tries] of Object.entries(ways))
        it(`takes nothing of its handler after it was ${verdict}: ${way}`, async () => {
          for (const middleware of [endingLate, writingFirst]) {
            const late = (asked: () => void) =>
              middleware(saves['in the context of its caller'] as Save, asked);
            const expected = await answerOf(verdict, late);
            expect(await answerOf(verdict, late, tries)).to.equal(expected);
          }
        });
  });
