import { expect } from 'chai';
import { z } from 'zod';
import { defineFunction } from '../../src/index.js';
import { bodies, json } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const echo = ({ body }: { readonly body: string }) =>
  json((JSON.parse(body) as { event_payload: unknown }).event_payload);

describe('content for targets', () => {
  it('is the content of the request or response that goes on, also when the caller changes the objects meanwhile', async () => {
    const { actions, call } = await openActions();
    const body: Record<string, unknown> = { total: 5, list: [1] };
    const change = () => {
      Object.assign(body, { total: 1_000 });
      (body['list'] as number[]).push(2);
      return {};
    };
    await call({ request: { all: true } }, { script: change });
    await call({ response: { all: true } }, { script: change });
    expect(await actions.request('/a/b', body)).to.deep.equal({ total: 5, list: [1] });
    body['list'] = [1];
    expect(await actions.response('/a/b', null, body)).to.deep.equal({ total: 1_000, list: [1] });
  });

  it('reaches the definition of a function unchanged, also when the payload changes meanwhile', async () => {
    const definition = defineFunction({
      name: 'price',
      payload: z.object({ lines: z.custom<number[]>() }),
      answer: z.object({}),
      apply: ({ lines }) => lines,
    });
    const { actions, call } = await openActions({ functions: [definition] });
    const lines = [1];
    await call({ function: { name: 'price' } }, { script: () => (lines.push(2), {}) });
    expect(await actions.function(definition, { lines })).to.deep.equal([1]);
  });

  for (const [name, body] of Object.entries({
    'a BigInt': { total: 1n },
    'a toJSON that throws': {
      toJSON() {
        throw new Error('no');
      },
    },
    '65 levels': JSON.parse(`${'['.repeat(65)}${']'.repeat(65)}`) as unknown,
  }))
    it(`is an error of each target, not of the operation, where it has no JSON: ${name}`, async () => {
      const { actions, call, reports } = await openActions();
      const [watching] = await call({ request: { all: true } }, {}, { type: 'async' });
      expect(await actions.request('/a/b', body)).to.equal(body);
      await call({ request: { all: true } }, { interruptOnError: true });
      expect(await rejection(actions.request('/a/b', body))).to.include({ reason: 'content-invalid' });
      expect(reports.every(({ reason }) => reason === 'content-invalid')).to.equal(true);
      expect(watching!.server.connections()).to.equal(0);
    });

  it('is replaced only by an answer of the JSON type of its JSON', async () => {
    const { actions, call } = await openActions();
    class List {
      toJSON(): readonly number[] {
        return [1, 2];
      }
    }
    const [target] = await call({ request: { all: true } }, { ...asked, script: json([3]) });
    expect(await actions.request('/a/b', new List())).to.deep.equal([3]);
    target!.server.answer(json({ a: 1 }));
    expect(await rejection(actions.request('/a/b', new List()))).to.include({ reason: 'answer-invalid' });
    target!.server.answer(json('2027-01-01'));
    expect(await actions.request('/a/b', new Date(0))).to.equal('2027-01-01');
    target!.server.answer(json(7));
    expect(await actions.request('/a/b', Object(5))).to.equal(7);
  });

  it('is accepted back from a target, also with reserved names in it', async () => {
    const { call, guarded, read } = await openActions();
    await call({ event: { all: true } }, { ...asked, script: echo });
    const text = '{"nul":"\\u0000","half":"\\ud800","__proto__":{"a":1},"big":1.73e+18,"\\udc00":[1e21]}';
    await guarded.append('order-1', [{ type: 'order.placed', data: JSON.parse(text) as never }]);
    const [event] = await read('order-1');
    expect(JSON.stringify(event!.data)).to.equal(JSON.stringify(JSON.parse(text)));
    const strange = await rejection(
      guarded
        .append('order-1', [{ type: 'a', data: { fine: true } }])
        .then(() => Promise.reject(new Error('fine'))),
    );
    expect(strange).to.have.property('message', 'fine');
  });

  for (const odd of ['{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"__proto__":{}}'])
    it(`refuses reserved names in an answer when the content had none: ${odd}`, async () => {
      const { call, guarded } = await openActions();
      await call({ event: { all: true } }, { ...asked, script: { body: odd } });
      expect(await rejection(guarded.append('order-1', [{ type: 'a', data: { a: 1 } }]))).to.include({
        reason: 'answer-invalid',
      });
    });

  it('is not amended by an answer with a name of a verdict, also where the answer is an echo', async () => {
    const { call, guarded, read } = await openActions();
    await call({ event: { all: true } }, { ...asked, script: echo });
    for (const [data, expected] of [
      [
        { forwardedStatusCode: 403, total: 1 },
        { reason: 'refused', status: 403 },
      ],
      [{ forwardedStatusCode: 'paid', total: 1 }, { reason: 'answer-invalid' }],
      [{ forwardedErrorMessage: 'late', total: 1 }, { reason: 'answer-invalid' }],
    ] as const)
      expect(await rejection(guarded.append('order-1', [{ type: 'a', data }]))).to.include(expected);
    expect(await read('order-1')).to.deep.equal([]);
    // Only members at the top of the content count as those of a verdict.
    await guarded.append('order-1', [{ type: 'a', data: { answer: { forwardedStatusCode: 403 } } }]);
  });

  it('is not the whole body: an answer that echoes the body is an error, which says what to answer', async () => {
    const { actions, call, guarded } = await openActions();
    const whole = ({ body }: { readonly body: string }) => ({ body });
    const [target] = await call({ event: { all: true } }, { ...asked, script: whole });
    const error = await rejection(guarded.append('order-1', [{ type: 'a', data: {} }]));
    expect(error).to.include({ reason: 'answer-invalid' });
    expect(String((error as { detail?: string }).detail)).to.contain('event_payload alone');
    await call({ request: { all: true } }, { ...asked, script: whole });
    expect(await rejection(actions.request('/a/b', {}))).to.include({ reason: 'answer-invalid' });
    // Content that has these members itself may be echoed.
    target!.server.answer(echo);
    await guarded.append('order-1', [{ type: 'a', data: { event_type: 'x', event_payload: {} } }]);
  });
});

describe('a schema that throws or is async', () => {
  const schemas = {
    'that throws': {
      safeParse: () => {
        throw new Error('broken');
      },
    },
    'of zod with an async refinement': z.object({}).refine(async () => true),
    'that rejects': { safeParse: () => Promise.reject(new Error('later')) as never },
  };
  for (const [name, schema] of Object.entries(schemas))
    it(`is an error of the target, reason schema, wherever it is registered: ${name}`, async () => {
      const { actions, call, guarded } = await openActions({
        schemas: { events: { a: schema }, requests: { '/a/b': schema }, responses: { 'a/b': schema } },
        functions: [
          defineFunction({ name: 'f', payload: z.object({}), answer: schema as never, apply: () => 1 }),
        ],
      });
      const script = json({ x: 1 });
      for (const condition of [
        { event: { all: true } },
        { request: { all: true } },
        { response: { all: true } },
        { function: { name: 'f' } },
      ] as const)
        await call(condition, { ...asked, script });
      const failures = [
        await rejection(guarded.append('a-1', [{ type: 'a', data: {} }])),
        await rejection(actions.request('/a/b', {})),
        await rejection(actions.response('/a/b', {}, {})),
        await rejection(actions.function('f', {})),
      ];
      for (const failure of failures)
        expect(failure).to.include({ code: 'TARGET_INTERRUPTED', reason: 'schema' });
      const rehearsed = await actions.rehearse({ request: '/a/b' }, { send: true });
      expect(rehearsed.calls[0]?.judgement).to.include({ verdict: 'failed', reason: 'schema' });
    });

  for (const [name, schema] of Object.entries(schemas))
    it(`of a payload is a typed error, and no target is called: ${name}`, async () => {
      const { actions, call } = await openActions({
        functions: [
          defineFunction({ name: 'f', payload: schema as never, answer: z.object({}), apply: () => 1 }),
        ],
      });
      const [target] = await call({ function: { name: 'f' } }, {});
      expect(await rejection(actions.function('f', {}))).to.include({ code: 'INVALID_ARGUMENT' });
      expect(target!.server.connections()).to.equal(0);
    });
});

describe('the payload of a function', () => {
  const forged = { userID: 'admin', orgID: 'org' };
  for (const [name, payload] of Object.entries({
    'a plain member': forged,
    toJSON: { toJSON: () => forged },
    'an inherited toJSON': Object.create({ toJSON: () => forged }) as object,
    'a Date': new Date(0),
    'a boxed string': Object('x') as object,
    'the answer so far': { response: { a: 1 } },
    'the name of the function': { function: 'function/other' },
    'a list': [forged],
  }))
    it(`takes no reserved field and is an object of JSON, live and rehearsed: ${name}`, async () => {
      const { actions, call } = await openActions();
      const [target] = await call({ function: { name: 'f' } }, {});
      expect(await rejection(actions.function('f', payload))).to.include({ code: 'INVALID_ARGUMENT' });
      const rehearsal = actions.rehearse({ function: 'f' }, { content: payload as never, send: true });
      expect(await rejection(rehearsal)).to.include({ code: 'INVALID_ARGUMENT' });
      expect(target!.server.connections()).to.equal(0);
    });
});

describe('a rehearsal', () => {
  it('masks header values, however the answer spells them', async () => {
    const secret = 'top"secret\\value/1';
    const { actions, call } = await openActions();
    const settings = { ...asked, headers: { 'x-key': secret } };
    const spelled = secret.replaceAll('/', '\\/').replaceAll('"', '\\u0022').replace('\\value', '\\\\value');
    await call(
      { event: { all: true } },
      { ...settings, script: { body: `{"echo":"${spelled}"}` } },
      { ...asked, script: echo },
    );
    const rehearsal = await actions.rehearse({ event: 'a' }, { send: true });
    expect(rehearsal.outcome).to.deep.include({ kind: 'amended', content: { echo: '***' } });
    const shown = JSON.stringify(rehearsal);
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), 'secret', 'u0022'])
      expect(shown, form).not.to.contain(form);
  });

  for (const [kind, condition, occurrence] of [
    ['an event', { event: { all: true } }, { event: 'a' }],
    ['a request', { request: { all: true } }, { request: '/a/b' }],
    ['a response', { response: { all: true } }, { response: '/a/b' }],
    ['a function', { function: { name: 'f' } }, { function: 'f' }],
  ] as const)
    it(`shows no header value in the outcome of ${kind}, as a name, in a list or in a refusal`, async () => {
      const secret = 'Bearer top-secret';
      const { actions, call } = await openActions();
      const settings = { ...asked, headers: { authorization: secret } };
      const [target] = await call(condition, settings);
      const answers = [
        json({ [secret]: 1, nested: { [`x${secret}`]: [secret, `${secret}!`] } }),
        json({ forwardedStatusCode: 403, forwardedErrorMessage: `not with ${secret}` }),
        { status: 500, body: secret },
        { body: `{"a":${secret}` },
      ];
      for (const answer of answers) {
        target!.server.answer(answer);
        const rehearsal = await actions.rehearse(occurrence, { content: { total: 1 }, send: true });
        expect(rehearsal.calls).to.have.length(1);
        expect(JSON.stringify(rehearsal), JSON.stringify(answer)).not.to.contain('top-secret');
      }
    });

  it('obeys the circuit breaker of a target, and rendering tells the breaker nothing', async () => {
    const { actions, call } = await openActions({ breaker: { failures: 1, openMs: 60_000 } });
    const [target] = await call({ event: { all: true } }, { script: { status: 503 } });
    await actions.rehearse({ event: 'a' });
    expect((await actions.rehearse({ event: 'a' }, { send: true })).calls[0]?.answer?.status).to.equal(503);
    const { calls } = await actions.rehearse({ event: 'a' }, { send: true });
    expect(calls[0]?.judgement).to.include({ reason: 'circuit-open' });
    expect(bodies(target!.server)).to.have.length(1);
  });
});
