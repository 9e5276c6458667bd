import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import express, { type RequestHandler, type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { expressActions } from '../../../../src/integrations/express/index.js';
import { express4 } from '../../../integrations/olderFrameworks.js';
import { DifferenceTable, expectedOf, openDescriptors, type Outcome } from './differences.js';
import { expressAnswers } from './expressAnswers.js';
import type { ExpressCase } from './expressCase.js';
import { expressEnds } from './expressEnds.js';
import { expressLate } from './expressLate.js';
import { expressMiddleware } from './expressMiddleware.js';
import { expressWrites } from './expressWrites.js';
import { guardModes, method, openGuards, type Guards } from './guardModes.js';
import { viewOf, type HandlerView } from './handlerView.js';
import { rawAnswer } from './rawAnswer.js';

const cases = [...expressAnswers, ...expressWrites, ...expressLate, ...expressEnds, ...expressMiddleware];
const table = new DifferenceTable();

/** The page of Express for errors shows the stack, which the guard is part of. */
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
  guard: RequestHandler[],
): Promise<Outcome> {
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

for (const [framework, create] of [
  ['Express 5', express],
  ['Express 4', express4],
] as const)
  describe(`${framework}, bare and guarded`, function () {
    let guards: Guards;
    before(async () => {
      guards = await openGuards();
    });
    after(async () => {
      await guards.close();
      table.print();
    });

    for (const given of cases.filter(({ only }) => only === undefined || only === framework))
      it(`is the same where the route ${given.does}`, async () => {
        const bare = await run(create, given, []);
        const counts = { runs: 0, listed: 0, differences: 0 };
        const descriptors = openDescriptors();
        try {
          for (const mode of guardModes) {
            counts.runs += 1;
            counts.differences += 1;
            const guarded = await run(create, given, [expressActions(guards.actions[mode], { method })]);
            const differs = mode === 'nothing matches' ? undefined : given.differs;
            const { compared = (outcome: Outcome) => outcome } = differs ?? {};
            const expected = compared(expectedOf(differs, bare));
            expect({ mode, ...compared(guarded) }).to.deep.equal({ mode, ...expected });
            counts.differences -= 1;
            if (differs) counts.listed += 1;
          }
        } finally {
          table.note(framework, counts);
        }
        // Connections to the endpoints are pooled: one for each target that is called.
        expect(openDescriptors()).to.be.at.most(descriptors + 8);
      });

    it('is run for at least 80 handlers', () => {
      expect(cases.length).to.be.at.least(80);
    });
  });
