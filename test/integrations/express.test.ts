import { expect } from 'chai';
import { createServer } from 'node:http';
import express, { type RequestHandler } from 'express';
import { request } from 'undici';
import { isActionsError } from '../../src/index.js';
import { expressActions } from '../../src/integrations/express/index.js';
import { json, refusal } from '../support/answers.js';
import { until } from '../support/conditions.js';
import { openActions, type OpenedActions, type TargetSettings } from '../support/openActions.js';
import type { ScriptedAnswer } from '../support/targetServer.js';
import { method } from './httpServer.js';
import { listen } from '../support/listen.js';

const watching = { type: 'webhook', interruptOnError: true } as const;
const onResponse = { response: { method } };
const onRequest = { request: { method } };

async function serve({ actions }: OpenedActions, handler: RequestHandler, before: RequestHandler[] = []) {
  const app = express();
  const seen: unknown[] = [];
  app.post('/', express.json(), ...before, expressActions(actions, { method }), handler);
  app.use(((error, _request, response, _next) => {
    seen.push(error);
    response.status(500).end('failed');
  }) as express.ErrorRequestHandler);
  const port = await listen(createServer(app));
  const origin = `http://127.0.0.1:${port}`;
  return {
    seen,
    async send() {
      const { statusCode, headers, body } = await request(origin, { method: 'POST' });
      return { status: statusCode, headers, text: await body.text() };
    },
  };
}

describe('expressActions', () => {
  it('refuses a method name that no condition can have', async () => {
    const { actions } = await openActions();
    for (const wrong of ['', 'PlaceOrder', '/a/b/c', '//b'])
      expect(() => expressActions(actions, { method: wrong }))
        .to.throw()
        .satisfy((error: unknown) => isActionsError(error, 'INVALID_ARGUMENT'));
  });

  it('refuses an object that createActions did not make', () => {
    const nothing = {} as Parameters<typeof expressActions>[0];
    expect(() => expressActions(nothing, { method })).to.throw(/createActions/);
  });

  it('keeps the order of head, writes and end while a response is judged', async () => {
    const opened = await openActions();
    await opened.call(onResponse, { ...watching, script: { delayMs: 30 } });
    const returned: boolean[] = [];
    let drained = 0;
    const { send } = await serve(opened, (_request, response) => {
      response.on('drain', () => (drained += 1));
      response.writeHead(201, { 'x-early': 'yes' });
      returned.push(response.write('one '), response.write('two ', 'utf8'));
      response.end('three');
    });
    expect(await send()).to.deep.include({ status: 201, text: 'one two three' });
    expect(returned).to.deep.equal([true, true]);
    expect(drained).to.equal(0);
  });

  it('discards writes of a handler after its response was refused', async () => {
    const opened = await openActions();
    await opened.call(onResponse, { ...watching, script: refusal(403, 'no') });
    let writeLate: () => void = () => expect.fail('the handler did not run');
    const { send } = await serve(opened, (_request, response) => {
      response.write('first');
      writeLate = () => {
        response.write('second');
        response.end('third');
      };
    });
    const answer = await send();
    expect(answer.status).to.equal(403);
    expect(JSON.parse(answer.text)).to.include({ detail: 'no' });
    writeLate();
  });

  it('keeps the headers of middleware and drops those of the handler when a response is refused', async () => {
    const opened = await openActions();
    await opened.call(onResponse, { ...watching, script: refusal(403) });
    const { send } = await serve(
      opened,
      (_request, response) => {
        response.cookie('session', 'secret').set('x-before', 'changed').type('text/html').send('<p>');
      },
      [
        (_request, response, next) => {
          response.set('x-before', 'kept');
          next();
        },
      ],
    );
    const { headers } = await send();
    expect(headers).to.include({ 'x-before': 'kept' });
    expect(headers).not.to.have.property('set-cookie');
    expect(headers['content-type']).to.contain('application/problem+json');
  });

  it('leaves a response that has no JSON to the error handlers, as where no target is called', async () => {
    const opened = await openActions();
    const [target] = await opened.call(onResponse, watching);
    const { send, seen } = await serve(opened, (_request, response) => {
      response.json({ big: 1n });
    });
    expect(await send()).to.deep.include({ status: 500, text: 'failed' });
    expect(seen[0]).to.be.instanceOf(TypeError);
    expect(target?.server.received).to.deep.equal([]);
  });

  it('shows a body of bytes as null, which no target may amend', async () => {
    const opened = await openActions();
    const [target] = await opened.call(
      { request: { method } },
      { type: 'requestResponse', interruptOnError: true, script: json({ a: 1 }) },
    );
    const { send } = await serve(
      opened,
      (_request, response) => {
        response.end();
      },
      [
        (request, _response, next) => {
          request.body = Buffer.from('bytes');
          next();
        },
      ],
    );
    expect((await send()).status).to.equal(412);
    expect(target?.server.received[0]?.body).to.contain('"request":null');
  });
});

describe('a request body that a handler holds and that changes while it is judged', () => {
  /**
   * Changes the body while the first target judges it. Returns the body, and the bodies that the handler and the
   * targets received.
   */
  async function changed(targets: readonly TargetSettings[]) {
    const opened = await openActions();
    let body: { quantity: number } | undefined;
    const judged: unknown[] = [];
    const changing = targets.map(({ script = {}, ...settings }): TargetSettings => ({
      ...settings,
      script: (call) => {
        judged.push((JSON.parse(call.body) as { request: unknown }).request);
        if (body) body.quantity = 2;
        return script as ScriptedAnswer;
      },
    }));
    await opened.call(onRequest, ...changing);
    let given: unknown;
    const hold: RequestHandler = (received, _response, next) => {
      received.body = body = { quantity: 1 };
      next();
    };
    const { send } = await serve(
      opened,
      (received, response) => {
        given = received.body;
        response.end();
      },
      [hold],
    );
    expect((await send()).status).to.equal(200);
    await until(() => judged.length === targets.length);
    return { body, given, judged };
  }

  for (const [what, target] of Object.entries<TargetSettings>({
    'a target allows it': watching,
    'an amending target answers nothing': { type: 'requestResponse', interruptOnError: true },
    'a target only observes it': { ...watching, enforcement: 'observe', script: refusal(403) },
    'only an async target receives it': { type: 'async' },
  }))
    it(`reaches the handler as its own object where ${what}`, async () => {
      const { body, given, judged } = await changed([target]);
      expect(given).to.equal(body);
      expect(given).to.deep.equal({ quantity: 2 });
      expect(judged).to.deep.equal([{ quantity: 1 }]);
    });

  it('reaches the handler as it was judged where a target amended it', async () => {
    const amending = {
      type: 'requestResponse',
      interruptOnError: true,
      script: json({ note: 'a' }),
    } as const;
    const { given, judged } = await changed([amending, watching]);
    expect(given).to.deep.equal({ note: 'a' });
    expect(judged).to.deep.equal([{ quantity: 1 }, { note: 'a' }]);
  });
});
