import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import { fastifyActions } from '../../../../src/integrations/fastify/index.js';
import type { Actions } from '../../../../src/index.js';
import { fastify4 } from '../../../integrations/olderFrameworks.js';
import { DifferenceTable, expectedOf, openDescriptors, type Outcome } from './differences.js';
import { fastifyAnswers } from './fastifyAnswers.js';
import type { FastifyCase } from './fastifyCase.js';
import { fastifyHooks } from './fastifyHooks.js';
import { fastifyLate } from './fastifyLate.js';
import { fastifyRaw } from './fastifyRaw.js';
import { guardModes, method, openGuards, type Guards } from './guardModes.js';
import { viewOf, type HandlerView } from './handlerView.js';
import { rawAnswer } from './rawAnswer.js';

const cases = [...fastifyAnswers, ...fastifyLate, ...fastifyRaw, ...fastifyHooks];
const table = new DifferenceTable();

async function run(
  create: typeof fastify,
  { handler, options = {}, before, after, verb = 'POST', headers, body, leave }: FastifyCase,
  actions: Actions | undefined,
): Promise<Outcome> {
  const app = create();
  let view: HandlerView | undefined;
  const handled = new EventEmitter();
  app.addHook('onRequest', (_request, reply, done) => {
    view = viewOf(reply.raw);
    done();
  });
  await before?.(app);
  if (actions) await app.register(fastifyActions, { actions });
  await after?.(app);
  app.route({
    method: verb,
    url: '/',
    ...options,
    config: { actionsMethod: method },
    handler: (request, reply) => {
      try {
        return handler(request, reply, view!.see);
      } finally {
        handled.emit('call');
      }
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  try {
    const sent = verb === 'POST' ? body : '';
    const answer = await rawAnswer({
      port,
      path: '/',
      verb,
      headers,
      leave: leave === 'handled' ? { when: once(handled, 'call') } : leave,
      ...(sent !== undefined && { body: sent }),
    });
    if (!view) throw new Error('the request did not arrive');
    await view.closed;
    return { answer, seen: view.seen };
  } finally {
    await app.close();
  }
}

for (const [framework, create] of [
  ['Fastify 5', fastify],
  ['Fastify 4', fastify4],
] as const)
  describe(`${framework}, bare and guarded`, () => {
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
        const bare = await run(create, given, undefined);
        const counts = { runs: 0, listed: 0, differences: 0 };
        const descriptors = openDescriptors();
        try {
          for (const mode of guardModes) {
            counts.runs += 1;
            counts.differences += 1;
            const guarded = await run(create, given, guards.actions[mode]);
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
        expect(openDescriptors()).to.be.at.most(descriptors + 8);
      });

    it('is run for at least 80 handlers', () => {
      expect(cases.length).to.be.at.least(80);
    });
  });
