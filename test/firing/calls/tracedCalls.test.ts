import { context, trace, type Context, type ContextManager } from '@opentelemetry/api';
import { expect } from 'chai';
import { AsyncLocalStorage } from 'node:async_hooks';
import { openActions } from '../../support/openActions.js';

/** The smallest setup of an application with tracing. */
class LocalContexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  readonly #root: Context;

  constructor(root: Context) {
    this.#root = root;
  }
  active(): Context {
    return this.#storage.getStore() ?? this.#root;
  }
  with<Parameters extends unknown[], Action extends (...parameters: Parameters) => ReturnType<Action>>(
    active: Context,
    action: Action,
    self?: ThisParameterType<Action>,
    ...parameters: Parameters
  ): ReturnType<Action> {
    return this.#storage.run(active, () => action.call(self, ...parameters));
  }
  bind<Bound>(_active: Context, bound: Bound): Bound {
    return bound;
  }
  enable(): this {
    return this;
  }
  disable(): this {
    this.#storage.disable();
    return this;
  }
}

const traceID = (digit: number) => String(digit).repeat(32);
const spanOf = (digit: number): Context =>
  trace.setSpanContext(context.active(), {
    traceId: traceID(digit),
    spanId: String(digit).repeat(16),
    traceFlags: digit % 2,
  });

describe('a call within a span', () => {
  beforeEach(() => {
    context.setGlobalContextManager(new LocalContexts(context.active()));
  });
  afterEach(() => {
    context.disable();
  });

  it('carries the span as traceparent, also where an async call waits for the turn that another call ends', async () => {
    const { actions, call, guarded } = await openActions({ limits: { asyncAtOnce: 1 } });
    const [sync, told] = await call({ event: { all: true } }, {}, { type: 'async', script: { delayMs: 5 } });
    const append = () => guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    for (const digit of [1, 2, 3]) await context.with(spanOf(digit), append);
    await append();
    await actions.close();
    for (const target of [sync, told])
      expect(target?.server.received.map(({ headers }) => headers['traceparent'])).to.deep.equal([
        `00-${traceID(1)}-${'1'.repeat(16)}-01`,
        `00-${traceID(2)}-${'2'.repeat(16)}-00`,
        `00-${traceID(3)}-${'3'.repeat(16)}-01`,
        undefined,
      ]);
  });
});
