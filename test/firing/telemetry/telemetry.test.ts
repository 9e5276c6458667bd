import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { givenIndexStore } from '../../../src/routing/givenIndexStore.js';
import { memoryIndexStore } from '../../../src/routing/indexStore.js';
import { openActions, rejection } from '../../support/openActions.js';
import { pointsOf, recordTelemetry, type RecordedTelemetry } from './recordedTelemetry.js';

const canary = 'c4n4ry';
const failed = { code: SpanStatusCode.ERROR };
const fine = { code: SpanStatusCode.UNSET };

/** First cells of the rows of a table under a heading, without the quotes. */
function documented(heading: string): readonly string[] {
  const text = readFileSync(new URL('../../../docs/reference/telemetry.md', import.meta.url), 'utf8');
  const section = text.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
  const cells = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
  return cells.flatMap((cell) => cell.split(', ').map((name) => name.replaceAll('`', '').trim()));
}

describe('telemetry', () => {
  let telemetry: RecordedTelemetry;
  beforeEach(() => {
    telemetry = recordTelemetry();
  });
  afterEach(() => telemetry.close());

  const named = (name: string): readonly ReadableSpan[] =>
    telemetry.spans().filter((span) => span.name === name);

  const append = { type: 'order.placed', data: { canary } };

  it('makes a call a child of its operation, and tells the endpoint of the call', async () => {
    const { guarded, call } = await openActions();
    const [endpoint] = await call({ event: { group: 'order' } }, {});
    const { port } = new URL(endpoint!.server.url());
    await guarded.append('order-1', [append]);
    const [operation] = named('actions event');
    const [post] = named('POST');
    expect(operation).to.deep.include({ kind: SpanKind.INTERNAL, status: fine });
    expect(operation?.attributes).to.deep.equal({
      'eventstore_actions.kind': 'event',
      'eventstore_actions.execution.id': 'event/order.*',
      'eventstore_actions.verdict': 'passed',
    });
    expect(post).to.deep.include({ kind: SpanKind.CLIENT, status: fine });
    expect(post?.attributes).to.deep.equal({
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'server.port': Number(port),
      'eventstore_actions.target.id': endpoint?.id,
      'eventstore_actions.execution.id': 'event/order.*',
      'http.response.status_code': 200,
    });
    const { traceId, spanId } = operation!.spanContext();
    expect(post?.parentSpanContext).to.deep.include({ traceId, spanId });
    expect(endpoint?.server.received[0]?.headers['traceparent']).to.equal(
      `00-${traceId}-${post!.spanContext().spanId}-01`,
    );
  });

  it('belongs to the trace of the append, also where a call outlives the operation', async () => {
    const { guarded, actions, call } = await openActions({ limits: { asyncAtOnce: 1 } });
    await call(
      { event: { all: true } },
      { type: 'async', script: { delayMs: 20 } },
      { type: 'async', script: { delayMs: 20 } },
    );
    const span = trace.getTracer('test').startSpan('command');
    await context.with(trace.setSpan(context.active(), span), () => guarded.append('order-1', [append]));
    span.end();
    await actions.close();
    const [operation] = named('actions event');
    expect(operation?.parentSpanContext?.spanId).to.equal(span.spanContext().spanId);
    expect(named('POST').map(({ parentSpanContext }) => parentSpanContext?.spanId)).to.deep.equal([
      operation?.spanContext().spanId,
      operation?.spanContext().spanId,
    ]);
  });

  it('shows an answer outside 2xx on the call, and on an operation that the answer stopped', async () => {
    const { guarded, call } = await openActions();
    const script = { status: 500, body: canary };
    const [lenient, strict] = await call(
      { event: { all: true } },
      { script },
      { script, interruptOnError: true },
    );
    await rejection(guarded.append('order-1', [append]));
    for (const post of named('POST')) {
      expect(post.status).to.deep.equal(failed);
      expect(post.attributes).to.include({ 'error.type': '500', 'http.response.status_code': 500 });
    }
    const [operation] = named('actions event');
    expect(operation?.status).to.deep.equal(failed);
    expect(operation?.attributes).to.include({
      'error.type': 'TARGET_INTERRUPTED',
      'eventstore_actions.verdict': 'failed',
      'eventstore_actions.target.id': strict?.id,
    });
    const metrics = await telemetry.collect();
    const verdicts = pointsOf(metrics.get('eventstore_actions.call.verdicts'));
    expect(verdicts.map(({ attributes }) => attributes['eventstore_actions.target.id'])).to.deep.equal([
      lenient?.id,
      strict?.id,
    ]);
    for (const { attributes, value } of verdicts) {
      expect(value).to.equal(1);
      expect(attributes).to.include({ 'eventstore_actions.verdict': 'failed', 'error.type': 'status' });
    }
  });

  it('shows a veto as a failure of the operation, and its call as a success', async () => {
    const { guarded, call } = await openActions();
    const body = { forwardedStatusCode: 403, forwardedErrorMessage: canary };
    await call({ event: { all: true } }, { script: { body: JSON.stringify(body) }, interruptOnError: true });
    await rejection(guarded.append('order-1', [append]));
    expect(named('POST').map(({ status }) => status)).to.deep.equal([fine]);
    const [operation] = named('actions event');
    expect(operation?.status).to.deep.equal(failed);
    expect(operation?.attributes).to.include({ 'eventstore_actions.verdict': 'refused' });
    const verdicts = pointsOf((await telemetry.collect()).get('eventstore_actions.call.verdicts'));
    expect(verdicts.map(({ attributes }) => attributes['eventstore_actions.verdict'])).to.deep.equal([
      'refused',
    ]);
  });

  it('tells a time-out by its reason', async () => {
    const { guarded, call } = await openActions();
    await call({ event: { all: true } }, { script: { delayMs: 5_000 }, timeoutMs: 20 });
    await guarded.append('order-1', [append]);
    const [post] = named('POST');
    expect(post?.attributes)
      .to.include({ 'error.type': 'timeout' })
      .and.not.have.property('http.response.status_code');
  });

  it('makes no span and no duration where no target is called', async () => {
    const { guarded, actions, call } = await openActions();
    await call({ event: { group: 'other' } }, {});
    await guarded.append('order-1', [append]);
    await actions.request('/orders.Orders/Place', {});
    expect(telemetry.spans()).to.deep.equal([]);
    const metrics = await telemetry.collect();
    expect([...metrics.keys()].filter((name) => name.includes('duration'))).to.deep.equal([]);
  });

  it('has the documented names and attributes, and no secret, id or name of an occurrence', async () => {
    const { guarded, actions, call } = await openActions();
    const settings = {
      path: `/hook?token=${canary}`,
      headers: { 'x-token': canary },
      script: { status: 418, body: canary },
    };
    await call({ event: { all: true } }, settings);
    await call({ request: { all: true } }, settings);
    await call({ response: { all: true } }, settings);
    await call({ function: { name: 'rates' } }, settings);
    const who = { userID: canary, orgID: canary, requestID: canary, instanceID: 'default' };
    await actions.runAs(who, async () => {
      await guarded.append(`order-${canary}`, [{ ...append, type: `order.${canary}` }]);
      const request = await actions.request(`/${canary}.Orders/Place`, { canary });
      await actions.response(`/${canary}.Orders/Place`, request, { canary });
      await actions.function('rates', { canary });
    });
    const metrics = await telemetry.collect();
    const spans = telemetry.spans();
    expect([...new Set(spans.map(({ name }) => name))].sort()).to.deep.equal([...documented('Spans')].sort());
    expect([...metrics.keys()].sort()).to.deep.equal([...documented('Metrics')].sort());
    const used = [...spans, ...[...metrics.values()].flatMap((metric) => pointsOf(metric))].flatMap(
      ({ attributes }) => Object.keys(attributes),
    );
    expect([...new Set(used)].sort()).to.deep.equal([...documented('Attributes')].sort());
    const told = JSON.stringify([
      spans.map(({ name, attributes, status, events, links }) => ({
        name,
        attributes,
        status,
        events,
        links,
      })),
      [...metrics.values()],
    ]);
    expect(told).to.contain('eventstore_actions.target.id').and.not.contain(canary);
  });

  it('tells how full the queues are and how far the index is, until the actions are closed', async () => {
    const kept = memoryIndexStore();
    let asked = 0;
    const indexStore = {
      ...kept,
      get current() {
        asked++;
        return kept.current;
      },
    };
    const limits = { asyncAtOnce: 1, asyncQueue: 1 };
    const { guarded, actions, call } = await openActions({
      limits,
      indexStore: givenIndexStore(indexStore),
    });
    let answer: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (answer = resolve));
    const slow = { type: 'async', script: () => told.then(() => ({})) } as const;
    await call({ event: { all: true } }, slow, slow, slow);
    await guarded.append('order-1', [append]);
    const metrics = await telemetry.collect();
    const valueOf = (name: string) => pointsOf(metrics.get(`eventstore_actions.${name}`))[0]?.value;
    expect(['async.running', 'async.waiting', 'async.dropped'].map(valueOf)).to.deep.equal([1, 1, 1]);
    expect(['calls.waiting', 'projection.lag', 'projection.failed_events'].map(valueOf)).to.deep.equal([
      0, 0, 0,
    ]);
    answer();
    await actions.close();
    const before = asked;
    await telemetry.collect();
    expect(asked).to.equal(before).and.be.greaterThan(0);
  });
});
