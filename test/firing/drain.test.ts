import { expect } from 'chai';
import { openActions } from '../support/openActions.js';

describe('calls at once', () => {
  it('make no warning of the process, however many wait for the same end', async () => {
    const warnings: Error[] = [];
    const keep = (warning: Error) => warnings.push(warning);
    process.on('warning', keep);
    try {
      const { call, guarded } = await openActions();
      const [target] = await call({ event: { all: true } }, { script: 'never', timeoutMs: 60_000 });
      const [other] = await call({ event: { event: 'quick' } }, { type: 'async' });
      const waiting = Array.from({ length: 64 }, (_, place) =>
        guarded.append(`order-${place}`, [{ type: 'slow', data: {} }]),
      );
      await Promise.all(
        Array.from({ length: 64 }, (_, place) =>
          guarded.append(`quick-${place}`, [{ type: 'quick', data: {} }]),
        ),
      );
      await target?.server.whenReceived(32);
      await other?.server.whenReceived(64);
      target?.server.answer({});
      target?.server.dropConnections();
      await Promise.all(waiting);
      // Warnings are emitted with the next tick.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', keep);
    }
    expect(warnings.map(({ name, message }) => `${name}: ${message}`)).to.deep.equal([]);
  });
});
