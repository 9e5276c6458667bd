import { postgresEventStore } from 'eventstore-actions/postgres';
import { eventStoreContract } from 'eventstore-actions/testing';
import { openSchema } from './postgresServer.js';

for (const max of [4, 1])
  describe(`a pool of ${max}`, () => {
    eventStoreContract(
      `postgresEventStore`,
      async () => {
        const { schema, another, remove } = await openSchema();
        const open = () => postgresEventStore({ pool: another({ max }), schema });
        return { store: await open(), another: open, cleanUp: remove };
      },
      { severalHandles: true },
    );
  });
