import { expect } from 'chai';
import type { Actions } from '../../../src/index.js';
import { fromEventStoreDB, interceptClient } from '../../../src/stores/eventStoreDB/index.js';
import { fromKurrentDB, interceptKurrentDB } from '../../../src/stores/kurrentDB/index.js';
import { openActions, rejection } from '../../support/openActions.js';

const method = () => Promise.resolve();
const shape = {
  appendToStream: method,
  readStream: method,
  readAll: method,
  subscribeToAll: method,
  tombstoneStream: method,
  dispose: method,
};
// Stand-ins for the real clients: two clients in one process overwrite each other's messages, which are global.
class EventStoreDBClient {
  readonly connectionName = 'orders';
}
Object.assign(EventStoreDBClient.prototype, shape);
class KurrentDBClient {
  readonly connectionName = 'orders';
}
Object.assign(KurrentDBClient.prototype, shape, { multiStreamAppend: method, appendRecords: method });
/** Before 1.1, without an append to several streams; it ignores `expectedRevision` all the same. */
class EarlyKurrentDBClient {
  get rustClient() {
    return {};
  }
}
Object.assign(EarlyKurrentDBClient.prototype, shape);
const { dispose: _dispose, ...indisposable } = shape;

type Foreign = Readonly<Record<string, readonly [make: () => unknown, says: string]>>;

/** Values that a user may pass by mistake, and the expected text of the error. */
const neither: Foreign = {
  'an empty object': [() => ({}), 'it has no appendToStream'],
  'a client without dispose': [() => indisposable, 'it has no dispose'],
};

interface Entries {
  readonly intercept: (client: never, actions: Actions) => object;
  readonly from: (client: never) => ReturnType<typeof fromEventStoreDB>;
  readonly foreign: Foreign;
}

const entries: Readonly<Record<string, Entries>> = {
  EventStoreDB: {
    intercept: interceptClient,
    from: fromEventStoreDB,
    foreign: {
      ...neither,
      'a client of KurrentDB': [() => new KurrentDBClient(), 'eventstore-actions/kurrentdb'],
      'an early client of KurrentDB': [() => new EarlyKurrentDBClient(), 'eventstore-actions/kurrentdb'],
      'an object of its shape': [
        () => ({ ...shape, multiStreamAppend: method }),
        'eventstore-actions/kurrentdb',
      ],
      'a connection string': [() => 'esdb://127.0.0.1:2113', '@eventstore/db-client'],
      nothing: [() => undefined, '@eventstore/db-client'],
    },
  },
  KurrentDB: {
    intercept: interceptKurrentDB,
    from: fromKurrentDB,
    foreign: {
      ...neither,
      'a client of EventStoreDB': [() => new EventStoreDBClient(), 'eventstore-actions/eventstoredb'],
      'an object of its shape': [() => ({ ...shape }), 'eventstore-actions/eventstoredb'],
      'an early client of KurrentDB': [() => new EarlyKurrentDBClient(), '1.3.1 or later'],
      'a connection string': [() => 'kurrentdb://127.0.0.1:2113', '@kurrent/kurrentdb-client'],
      nothing: [() => undefined, '@kurrent/kurrentdb-client'],
    },
  },
};

for (const [product, { intercept, from, foreign }] of Object.entries(entries))
  describe(`a client of another kind, handed in for ${product}`, () => {
    for (const [what, [make, says]] of Object.entries(foreign)) {
      it(`is refused with a typed error: ${what}`, async () => {
        const { actions } = await openActions();
        const client = make() as never;
        for (const use of [() => intercept(client, actions), () => from(client)])
          expect(use).to.throw().with.property('message').contains(says);
      });

      it(`is refused before any request when a function returns it: ${what}`, async () => {
        const { actions } = await openActions();
        const source = (() => make()) as never;
        const intercepted = intercept(source, actions) as { readonly appendToStream: unknown };
        expect(() => intercepted.appendToStream)
          .to.throw()
          .with.property('code', 'INVALID_ARGUMENT');
        const append = from(source).append('order-1', [{ type: 'order.placed', data: {} }]);
        expect(await rejection(append)).to.have.property('code', 'INVALID_ARGUMENT');
      });
    }
  });
