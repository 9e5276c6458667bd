import type { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { fromEventStoreDB, interceptClient } from '../../../src/stores/eventStoreDB/index.js';
import { openActions, rejection } from '../../support/openActions.js';

const method = () => Promise.resolve();
const shape = {
  ...{ appendToStream: method, readStream: method, readAll: method },
  ...{ subscribeToAll: method, tombstoneStream: method, dispose: method },
};
// Not the real one: two clients in one process overwrite each other's messages, which are global.
class KurrentDBClient {
  multiStreamAppend() {
    return Promise.resolve();
  }
}
Object.assign(KurrentDBClient.prototype, shape);
const { dispose: _dispose, ...indisposable } = shape;

/** What a user may hand in by mistake, and what the error has to say. */
const foreign: Readonly<Record<string, readonly [make: () => unknown, says: string]>> = {
  'a client of KurrentDB': [() => new KurrentDBClient(), 'eventstore-actions/kurrentdb'],
  'an object of its shape': [() => ({ ...shape, multiStreamAppend: method }), 'eventstore-actions/kurrentdb'],
  'a client without dispose': [() => indisposable, 'it has no dispose'],
  'an empty object': [() => ({}), 'it has no appendToStream'],
  'a connection string': [() => 'esdb://127.0.0.1:2113', '@eventstore/db-client'],
  nothing: [() => undefined, '@eventstore/db-client'],
};

describe('a client of another kind', () => {
  for (const [what, [make, says]] of Object.entries(foreign)) {
    it(`is refused in words: ${what}`, async () => {
      const { actions } = await openActions();
      const client = make() as never;
      for (const use of [() => interceptClient(client, actions), () => fromEventStoreDB(client)])
        expect(use).to.throw().with.property('message').contains(says);
    });

    it(`is refused where a function gives it, before it is sent anything: ${what}`, async () => {
      const { actions } = await openActions();
      const client = make() as EventStoreDBClient;
      const intercepted = interceptClient(() => client, actions);
      expect(() => intercepted.appendToStream)
        .to.throw()
        .with.property('code', 'INVALID_ARGUMENT');
      const store = fromEventStoreDB(() => client);
      const append = store.append('order-1', [{ type: 'order.placed', data: {} }]);
      expect(await rejection(append)).to.have.property('code', 'INVALID_ARGUMENT');
    });
  }
});
