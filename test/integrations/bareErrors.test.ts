import { expect } from 'chai';
import { createServer } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import { request } from 'undici';
import { publicMessage, type ActionsError } from '../../src/index.js';
import { refusal } from '../support/answers.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, rejection, type OpenedActions } from '../support/openActions.js';
import { express4 } from './olderFrameworks.js';
import { listen } from '../support/listen.js';

const stopping = { type: 'webhook', interruptOnError: true, name: 'internal name', path: '/hidden' } as const;

type Veto = () => Promise<unknown>;
interface Answered {
  readonly status: number;
  readonly text: string;
}
type Serve = (veto: Veto) => Promise<Answered>;

const overExpress =
  (create: typeof express): Serve =>
  async (veto) => {
    const app = create().set('env', 'production');
    app.get('/', (_request, _response, next) => {
      veto().catch(next);
    });
    const port = await listen(createServer(app));
    const logged = console.error;
    console.error = () => undefined;
    closeAfterTest(() => (console.error = logged));
    const origin = `http://127.0.0.1:${port}`;
    const { statusCode, body } = await request(origin, { reset: true });
    return { status: statusCode, text: await body.text() };
  };

const overFastify: Serve = async (veto) => {
  const app = fastify();
  closeAfterTest(() => app.close());
  app.get('/', veto);
  const { statusCode, body } = await app.inject('/');
  return { status: statusCode, text: body };
};

async function veto(
  { call, guarded }: OpenedActions,
  script: NonNullable<Parameters<typeof call>[1]['script']>,
) {
  const [endpoint] = await call({ event: { all: true } }, { ...stopping, script });
  const append = () => guarded.append('order-4711', [{ type: 'order.placed', data: {} }]);
  return { endpoint, append };
}

describe('an error without our error handler', () => {
  for (const [framework, serve] of [
    ['Express 5', overExpress(express)],
    ['Express 4', overExpress(express4)],
    ['Fastify', overFastify],
  ] as const)
    for (const [what, script, status] of [
      ['a verdict', refusal(422, 'no such order'), 422],
      ['a failed target', { status: 500 }, 412],
    ] as const)
      it(`is answered by ${framework} with the status of ${what}, and names no target, id or endpoint`, async () => {
        const opened = await openActions();
        const { endpoint, append } = await veto(opened, script);
        const answer = await serve(append);
        expect(answer.status).to.equal(status);
        for (const secret of ['internal name', endpoint?.id ?? 'none', 'event', 'hidden'])
          expect(answer.text).not.to.contain(secret);
      });

  it('has the status under the names that frameworks read', async () => {
    const { append } = await veto(await openActions(), refusal(422));
    // NestJS and http-errors read `statusCode`, Emmett's web packages a numeric `errorCode`.
    const error = (await rejection(append())) as ActionsError;
    expect(error).to.include({ status: 422, statusCode: 422, errorCode: 422 });
    expect('statusCode' in error && 'errorCode' in error).to.equal(true);
  });

  it('names streams to operators in fields, and never to callers', async () => {
    const { guarded } = await openActions();
    const event = { type: 'order.placed', data: {} };
    await guarded.append('order-4711', [event]);
    const conflict = (await rejection(
      guarded.append('order-4711', [event], { expectedVersion: 'no-stream' }),
    )) as ActionsError;
    expect(conflict.message).to.equal(publicMessage(conflict));
    expect(conflict.message).not.to.contain('4711');
    expect(conflict.detail).to.contain('4711');
  });
});
