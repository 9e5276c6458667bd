import { postgresDeliveryStore, postgresEventStore } from 'eventstore-actions/postgres';
import { deliverySourceContract, deliveryStoreContract } from 'eventstore-actions/testing';
import { openSchema } from './postgresServer.js';

for (const max of [4, 1])
  describe(`a pool of ${max}`, () => {
    deliveryStoreContract('postgresDeliveryStore', async () => {
      const { schema, another, remove } = await openSchema();
      return { store: postgresDeliveryStore({ pool: another({ max }), schema }), cleanUp: remove };
    });

    deliverySourceContract('postgresEventStore', async () => {
      const { schema, another, remove } = await openSchema();
      const store = await postgresEventStore({ pool: another({ max }), schema });
      return {
        source: store,
        append: store.append,
        async cleanUp() {
          await store.close();
          await remove();
        },
      };
    });
  });
