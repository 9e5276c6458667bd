import { expect } from 'chai';
import { createReceiver } from '../../src/receiver/index.js';
import { json, refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';

describe('rehearsals', () => {
  it('render every call, signed and marked, and call no target', async () => {
    const { actions, call, store } = await openActions();
    const [first, second] = await call(
      { event: { group: 'order' } },
      { name: 'first', type: 'requestResponse', headers: { 'x-token': 'hidden' }, interruptOnError: true },
      { name: 'second', type: 'async' },
    );
    const before = await store.head!();
    const rehearsal = await actions.rehearse(
      { event: 'order.placed' },
      { content: { total: 3 }, stream: 'order-1' },
    );
    expect(rehearsal).to.include({ condition: 'event/order.placed', winner: 'event/order.*', sent: false });
    expect(rehearsal.outcome).to.equal(undefined);
    expect(rehearsal.calls.map(({ targetID }) => targetID)).to.deep.equal([first!.id, second!.id]);
    for (const [place, { request, judgement, answer }] of rehearsal.calls.entries()) {
      const { signingKey } = [first!, second!][place]!;
      const received = await createReceiver({ signingKeys: [signingKey] }).read({
        headers: request!.headers,
        body: Buffer.from(request!.body),
      });
      expect(received).to.include({ kind: 'event', rehearsal: true });
      expect(received.payload).to.include({ phase: 'rehearsal', stream: 'order-1' });
      expect(received.payload).to.deep.include({ event_payload: { total: 3 } });
      expect([judgement, answer]).to.deep.equal([undefined, undefined]);
    }
    expect(rehearsal.calls[0]!.request!.headers['x-token']).to.equal('***');
    expect(JSON.stringify(rehearsal)).to.not.include('hidden').and.not.include('whsec_');
    expect([first!.server.received.length, second!.server.received.length]).to.deep.equal([0, 0]);
    expect(await store.head!()).to.equal(before);
  });

  it('send as the real operation does: each target gets the content as amended by the target before', async () => {
    const { actions, call, reports } = await openActions();
    const [, , last] = await call(
      { request: { all: true } },
      { type: 'requestResponse', script: json({ total: 4 }) },
      { type: 'requestResponse', script: { status: 500 } },
      { type: 'webhook' },
    );
    const rehearsal = await actions.rehearse(
      { request: '/pkg.Desk/Place' },
      { content: { total: 3 }, send: true },
    );
    expect(rehearsal.outcome).to.deep.equal({ kind: 'amended', content: { total: 4 } });
    expect(rehearsal.calls.map(({ judgement }) => judgement?.verdict)).to.deep.equal([
      'amended',
      'failed',
      'passed',
    ]);
    expect(rehearsal.calls[1]).to.nested.include({ 'answer.status': 500, 'judgement.reason': 'status' });
    expect(last!.server.received).to.have.length(1);
    expect(last!.server.received[0]!.headers['actions-rehearsal']).to.equal('true');
    expect(JSON.parse(last!.server.received[0]!.body)).to.deep.include({ request: { total: 4 } });
    expect(reports, 'onCall tells of real calls').to.deep.equal([]);
    expect(actions.health().observed.calls).to.equal(0);
  });

  it('report a refusal, and wait for the calls that run at the same time', async () => {
    const { actions, call } = await openActions();
    await call(
      { function: { name: 'price' } },
      { type: 'async' },
      {
        type: 'webhook',
        interruptOnError: true,
        script: refusal(403, 'ask a manager'),
      },
      { type: 'webhook' },
    );
    const { calls, outcome } = await actions.rehearse(
      { function: 'price' },
      { content: { sku: 'a' }, send: true },
    );
    expect(calls.map(({ judgement }) => judgement?.verdict)).to.deep.equal(['passed', 'refused']);
    expect(calls[1]!.judgement).to.deep.equal({
      verdict: 'refused',
      reason: 'refused',
      forwardedStatus: 403,
      message: 'ask a manager',
    });
    expect(outcome).to.deep.equal({
      kind: 'interrupted',
      error: { code: 'TARGET_INTERRUPTED', status: 403, message: 'ask a manager' },
    });
  });

  it('say that no target would be called', async () => {
    const { actions } = await openActions();
    expect(await actions.rehearse({ event: 'order.placed' }, { send: true })).to.deep.equal({
      condition: 'event/order.placed',
      winner: null,
      sent: false,
      calls: [],
    });
  });

  it('show why a call cannot be rendered, and render the others', async () => {
    const { actions, call } = await openActions();
    await call({ response: { all: true } }, { type: 'webhook', interruptOnError: true }, { type: 'webhook' });
    const { calls } = await actions.rehearse(
      { response: '/pkg.Desk/Place' },
      { content: 'x'.repeat(2_000_000), request: { id: 1 } },
    );
    expect(calls.map(({ judgement }) => judgement?.reason)).to.deep.equal([
      'content-too-large',
      'content-too-large',
    ]);
  });

  it('refuse malformed occurrences and content without JSON, and end when the caller aborts', async () => {
    const { actions, call } = await openActions();
    await call({ event: { all: true } }, { type: 'webhook', script: 'never' });
    expect(await rejection(actions.rehearse({ event: '' }))).to.include({ code: 'INVALID_ARGUMENT' });
    expect(await rejection(actions.rehearse({ event: 'a' }, { content: 1n as never }))).to.include({
      code: 'INVALID_ARGUMENT',
    });
    const reason = new Error('enough');
    expect(
      await rejection(actions.rehearse({ event: 'a' }, { send: true, signal: AbortSignal.abort(reason) })),
    ).to.equal(reason);
    await actions.close();
    expect(await rejection(actions.rehearse({ event: 'a' }))).to.include({ code: 'ACTIONS_CLOSED' });
  });
});
