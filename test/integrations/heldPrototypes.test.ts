import { expect } from 'chai';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { createServer, OutgoingMessage, ServerResponse } from 'node:http';
import fastify from 'fastify';
import { connect, type AddressInfo } from 'node:net';
import { expressActions } from '../../src/integrations/express/index.js';
import { fastifyActions } from '../../src/integrations/fastify/index.js';
import { refusal } from '../support/answers.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, type OpenedActions } from '../support/openActions.js';
import { method } from './httpServer.js';
import { express4 } from './olderFrameworks.js';
import { listen } from '../support/listen.js';

const secret = 'unjudged';
const asked = { type: 'requestResponse', interruptOnError: true } as const;
type Method = (this: unknown, ...sent: readonly unknown[]) => unknown;
const of = (prototype: object, name: string): Method => Reflect.get(prototype, name) as Method;

type Send = (response: Response) => unknown;

/** Ways to send that bypass the methods of the response itself. */
const past: Readonly<Record<string, Send>> = {
  'end of the prototype': (response) => of(ServerResponse.prototype, 'end').call(response, secret),
  'end of the prototype above': (response) => of(OutgoingMessage.prototype, 'end').call(response, secret),
  'write of the prototype': (response) => of(ServerResponse.prototype, 'write').call(response, secret),
  'writeHead and end of the prototype': (response) => {
    of(ServerResponse.prototype, 'writeHead').call(response, 200, { 'content-type': 'text/plain' });
    return of(ServerResponse.prototype, 'end').call(response, secret);
  },
  'flushHeaders and end of the prototype': (response) => {
    of(ServerResponse.prototype, 'flushHeaders').call(response);
    return of(ServerResponse.prototype, 'end').call(response, secret);
  },
  'the _send of Node': (response) => of(response, '_send').call(response, secret, 'utf8'),
  'end, after it was deleted from the response': (response) => {
    Reflect.deleteProperty(response, 'end');
    return response.end(secret);
  },
  'write and end, after both were deleted': (response) => {
    for (const name of ['write', 'end', 'writeHead']) Reflect.deleteProperty(response, name);
    response.write(secret);
    return response.end(secret);
  },
  'send, with end deleted before': (response) => {
    Reflect.deleteProperty(response, 'end');
    return response.send(secret);
  },
};

/** Ways to send that end in the methods of the response itself. */
const through: Readonly<Record<string, Send>> = {
  'send of the framework': (response) => of(express.response, 'send').call(response, secret),
  'json of the framework': (response) => of(express.response, 'json').call(response, { a: secret }),
  'sendStatus of the framework': (response) => of(express.response, 'sendStatus').call(response, 202),
  // Node 26 has removed it.
  ...('writeHeader' in ServerResponse.prototype && {
    'writeHeader, an older name': (response: Response) => {
      of(response, 'writeHeader').call(response, 200, { 'content-type': 'text/plain' });
      return response.end(secret);
    },
  }),
  'end of the response, by Reflect': (response) => Reflect.apply(of(response, 'end'), response, [secret]),
};

/** All bytes that a client receives until the connection ends. */
const bytesOf = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    let bytes = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    });
    socket.setTimeout(10_000, () => socket.destroy(new Error('the connection hangs')));
    socket.on('data', (chunk: Buffer) => (bytes += chunk.toString('latin1')));
    socket.on('error', (error) => {
      reject(error);
    });
    socket.on('close', () => {
      resolve(bytes);
    });
  });

const withoutDate = (bytes: string): string => bytes.replace(/Date: .*\r\n/, '');

async function serve(create: typeof express, opened: OpenedActions | undefined, send: Send): Promise<number> {
  const app = create().set('env', 'test');
  const handler: RequestHandler = (_request: Request, response) => {
    send(response);
  };
  app.post('/', ...(opened ? [expressActions(opened.actions, { method })] : []), handler);
  return listen(createServer(app));
}

for (const [framework, create] of [
  ['Express 5', express],
  ['Express 4', express4],
] as const)
  describe(`a handler of ${framework} that sends past the response`, () => {
    for (const [way, send] of Object.entries(past)) {
      it(`by ${way} sends nothing unjudged`, async () => {
        for (const verdict of ['refuses', 'allows']) {
          const opened = await openActions();
          const script = verdict === 'refuses' ? { script: refusal(403) } : {};
          const [target] = await opened.call({ response: { method } }, { ...asked, ...script });
          const bytes = await bytesOf(await serve(create, opened, send));
          // The call throws, and the error page of the application is not judged.
          expect(bytes, verdict).not.to.include(secret);
          if (target?.server.received.length === 0) expect(bytes, verdict).to.match(/^HTTP\/1\.1 500 /);
        }
      });
    }

    for (const [way, send] of Object.entries({ ...through, ...past }))
      it(`by ${way} sends the same as bare where nothing matches`, async () => {
        const opened = await openActions();
        await opened.call({ response: { method: '/other.v1.Service/Method' } }, asked);
        const ends: Send = (response) => {
          send(response);
          response.end();
        };
        const [bare, guarded] = [await serve(create, undefined, ends), await serve(create, opened, ends)];
        expect(withoutDate(await bytesOf(guarded))).to.equal(withoutDate(await bytesOf(bare)));
      });

    for (const [way, send] of Object.entries(through)) {
      it(`by ${way} is judged: refused`, async () => {
        const opened = await openActions();
        const [target] = await opened.call({ response: { method } }, { ...asked, script: refusal(403) });
        const bytes = await bytesOf(await serve(create, opened, send));
        expect(bytes).to.match(/^HTTP\/1\.1 403 /);
        expect(bytes).not.to.include(secret);
        expect(target?.server.received).to.have.length(1);
      });

      it(`by ${way} is judged: allowed`, async () => {
        const opened = await openActions();
        const [target] = await opened.call({ response: { method } }, asked);
        expect(await bytesOf(await serve(create, opened, send))).to.match(/^HTTP\/1\.1 20[02] /);
        expect(target?.server.received).to.have.length(1);
      });
    }
  });

describe('a handler of Fastify that sends past the response', () => {
  const ways: Readonly<Record<string, (raw: ServerResponse) => unknown>> = {
    'end of the prototype': (raw) => of(ServerResponse.prototype, 'end').call(raw, secret),
    'write of the prototype': (raw) => of(ServerResponse.prototype, 'write').call(raw, secret),
    'end, after it was deleted from the response': (raw) => {
      Reflect.deleteProperty(raw, 'end');
      return raw.end(secret);
    },
  };
  for (const [way, send] of Object.entries(ways))
    for (const isHijacked of [true, false])
      it(`by ${way} sends nothing unjudged${isHijacked ? ', after hijack' : ''}`, async () => {
        const opened = await openActions();
        await opened.call({ response: { method } }, { ...asked, script: refusal(403) });
        const app = fastify();
        await app.register(fastifyActions, { actions: opened.actions });
        app.post('/', { config: { actionsMethod: method } }, (_request, reply) => {
          if (isHijacked) reply.hijack();
          try {
            send(reply.raw);
          } catch {
            reply.raw.statusCode = 500;
            reply.raw.end('refused');
          }
          return reply;
        });
        await app.listen({ port: 0, host: '127.0.0.1' });
        closeAfterTest(() => app.close());
        const bytes = await bytesOf((app.server.address() as AddressInfo).port);
        expect(bytes).to.match(/^HTTP\/1\.1 (500|403) /);
        expect(bytes).not.to.include(secret);
      });
});
