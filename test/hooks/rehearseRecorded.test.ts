import { expect } from 'chai';
import { isHookedStream } from '../../src/index.js';
import { createReceiver } from '../../src/receiver/index.js';
import { json, refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';

const bodyOf = (body: string | undefined) => JSON.parse(body ?? '') as Record<string, unknown>;

describe('rehearsals of recorded events', () => {
  it('tell targets the stream, id, version, time and data of the event', async () => {
    const { actions, call, guarded, read } = await openActions();
    const [target] = await call({ event: { all: true } }, { type: 'async' });
    await guarded.append('order-1', [
      { type: 'order.placed', data: { total: 1 } },
      { type: 'order.placed', data: { total: 2 } },
    ]);
    const live = (await target!.server.whenReceived(2)).map(({ body }) => bodyOf(body));
    const [, recorded] = await read('order-1');
    const { calls } = await actions.rehearse(
      { event: recorded!.type },
      {
        content: recorded!.data,
        stream: recorded!.stream,
        operationID: recorded!.id,
        sequence: recorded!.version,
        createdAt: recorded!.created,
        send: true,
      },
    );
    const rehearsed = bodyOf(calls[0]!.request!.body);
    expect(rehearsed).to.deep.include({
      aggregateType: 'order',
      aggregateID: '1',
      sequence: Number(recorded!.version),
      created_at: recorded!.created.toISOString(),
      event_payload: { total: 2 },
      event_id: recorded!.id,
      stream: 'order-1',
      phase: 'rehearsal',
    });
    const before = live.find(({ event_id }) => event_id === recorded!.id);
    const fields = Object.keys(rehearsed).filter((name) => name !== 'sequence');
    expect(fields, 'the fields of the real call, in its order').to.deep.equal(Object.keys(before!));
    expect(target!.server.received.at(-1)!.headers['actions-rehearsal']).to.equal('true');
  });

  it('send bytes as base64, which can be watched or refused, but not amended', async () => {
    const { actions, call } = await openActions();
    const [target] = await call({ event: { all: true } }, { type: 'requestResponse', script: json('AAAA') });
    const { calls, outcome } = await actions.rehearse(
      { event: 'order.scanned' },
      { content: new Uint8Array([1, 2, 3]), send: true },
    );
    const [received] = target!.server.received;
    expect(bodyOf(received!.body)).to.include({ event_payload: 'AQID', encoding: 'base64' });
    expect(calls[0]!.judgement).to.include({ verdict: 'failed', reason: 'answer-invalid' });
    expect(outcome?.kind).to.equal('passed');
    expect(
      await rejection(actions.rehearse({ request: '/pkg.Desk/Place' }, { content: new Uint8Array(1) })),
    ).to.include({ code: 'INVALID_ARGUMENT' });
    expect(
      await rejection(actions.rehearse({ event: 'order.scanned' }, { createdAt: new Date(NaN) })),
    ).to.include({ code: 'INVALID_ARGUMENT' });
  });

  it('call the targets that were named, in their order, regardless of the executions', async () => {
    const { actions, call, add } = await openActions();
    const [listed] = await call({ event: { all: true } }, { script: { status: 500 } });
    const first = await add({ script: json({ total: 4 }), type: 'requestResponse' });
    const second = await add({ script: refusal(403, 'no'), interruptOnError: true });
    const rehearsal = await actions.rehearse(
      { event: 'order.placed' },
      { content: { total: 3 }, targets: [first.id, second.id, listed!.id], send: true },
    );
    expect(rehearsal.winner).to.equal('event/order.placed');
    expect(rehearsal.calls.map(({ targetID, judgement }) => [targetID, judgement?.verdict])).to.deep.equal([
      [first.id, 'amended'],
      [second.id, 'refused'],
    ]);
    expect(bodyOf(second.server.received[0]!.body)).to.deep.include({ event_payload: { total: 4 } });
    expect(listed!.server.received).to.deep.equal([]);
    for (const { server, signingKey } of [first, second]) {
      const [received] = server.received;
      const read = await createReceiver({ signingKeys: [signingKey] }).read({
        headers: received!.headers,
        body: Buffer.from(received!.body),
      });
      expect(read).to.include({ rehearsal: true });
    }
    expect(await rejection(actions.rehearse({ event: 'a' }, { targets: ['missing'] }))).to.include({
      code: 'TARGET_NOT_FOUND',
      targetID: 'missing',
    });
    expect((await actions.rehearse({ event: 'a' }, { targets: [] })).winner).to.equal(null);
  });

  it('judge observed targets as enforced where the option asks to', async () => {
    const { actions, call } = await openActions();
    const [target] = await call(
      { event: { all: true } },
      { script: refusal(403, 'no'), interruptOnError: true, enforcement: 'observe' },
    );
    const observed = await actions.rehearse({ event: 'a' }, { send: true });
    expect([observed.outcome?.kind, observed.calls[0]!.enforced]).to.deep.equal(['passed', false]);
    const enforced = await actions.rehearse({ event: 'a' }, { send: true, enforce: true });
    expect([enforced.outcome?.kind, enforced.calls[0]!.enforced]).to.deep.equal(['interrupted', true]);
    expect((await actions.targets.get(target!.id)).enforcement, 'the target stays what it is').to.equal(
      'observe',
    );
  });

  it('mask header values that a target repeats in any part of its answer', async () => {
    const secret = 'hunter2-hunter2';
    const { actions, call } = await openActions();
    await call(
      { event: { all: true } },
      {
        type: 'requestResponse',
        headers: { 'x-token': secret },
        script: json({ [secret]: [`<${secret}>`, 1, null] }),
      },
      {
        headers: { 'x-token': secret },
        script: refusal(403, `your token is ${secret}`),
      },
    );
    const { calls } = await actions.rehearse({ event: 'a' }, { send: true });
    expect(JSON.stringify(calls.map(({ answer, judgement }) => [answer, judgement]))).to.not.include(secret);
    expect(calls.map(({ judgement }) => judgement?.content ?? judgement?.message)).to.deep.equal([
      { '***': ['<***>', 1, null] },
      'your token is ***',
    ]);
  });

  it('cover hooked streams: no streams of this library, and none of the store itself', () => {
    const streams = ['order-1', 'actions.targetless-1', '$ce-order', 'actions.target-default.1'];
    expect(streams.map(isHookedStream)).to.deep.equal([true, true, false, false]);
  });
});
