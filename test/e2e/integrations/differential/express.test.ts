import { EventEmitter, once } from 'node:events';
import express, { type RequestHandler, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import type { Actions } from '../../../../src/index.js';
import { expressActions } from '../../../../src/integrations/express/index.js';
import { express4 } from '../../../integrations/olderFrameworks.js';
import { compareRoutes } from './compareRoutes.js';
import type { Outcome } from './differences.js';
import { expressAnswers } from './expressAnswers.js';
import type { ExpressCase } from './expressCase.js';
import { expressEnds } from './expressEnds.js';
import { expressLate } from './expressLate.js';
import { expressMiddleware } from './expressMiddleware.js';
import { expressWrites } from './expressWrites.js';
import { method } from './guardModes.js';
import { viewOf, type HandlerView } from './handlerView.js';
import { rawAnswer } from './rawAnswer.js';

const cases = [...expressAnswers, ...expressWrites, ...expressLate, ...expressEnds, ...expressMiddleware];

/** The error page of Express shows the stack, which contains functions of the guard. */
const withoutStack = (answer: string): string =>
  answer.includes('<pre>')
    ? answer.replace(/<br> &nbsp;[^]*<\/pre>/, '</pre>').replace(/Content-Length: \d+/, '')
    : answer;

async function run(
  create: typeof express,
  {
    handler,
    before = [],
    between = [],
    onError,
    settings = {},
    verb,
    path = '/',
    headers,
    leave,
  }: ExpressCase,
  actions: Actions | undefined,
): Promise<Outcome> {
  const guard = actions ? [expressActions(actions, { method })] : [];
  const app = create().set('env', 'test');
  for (const [name, value] of Object.entries(settings)) app.set(name, value);
  let view: HandlerView | undefined;
  const handled = new EventEmitter();
  const watched: RequestHandler = (request, response: Response, next) => {
    const here = (view = viewOf(response));
    try {
      return handler(request, response, next, here.see);
    } finally {
      handled.emit('call');
    }
  };
  app.all('/', express.json(), ...before, ...guard, ...between, watched);
  if (onError) app.use(onError);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const leaving = leave === 'handled' ? { when: once(handled, 'call') } : leave;
  try {
    const answer = await rawAnswer({
      port,
      path,
      verb,
      headers,
      leave: leaving,
      ...(verb === 'GET' && { body: '' }),
    });
    if (!view) throw new Error('the handler did not run');
    await view.closed;
    return { answer: withoutStack(answer), seen: view.seen };
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

compareRoutes<typeof express, ExpressCase>(
  [
    ['Express 5', express],
    ['Express 4', express4],
  ],
  cases,
  run,
);
