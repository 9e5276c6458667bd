import { postgresEventStore } from 'eventstore-actions/postgres';
import { testOnly } from '../../../support/onlyStoreKind.js';
import { openSchema } from './postgresServer.js';

/** Loaded first by `npm run test:postgres`: the suites of the hooks and commands run over PostgreSQL in this process. */
testOnly({
  name: 'PostgreSQL',
  async open() {
    const { schema, pool, remove } = await openSchema();
    const store = await postgresEventStore({ pool, schema });
    return {
      store,
      async close() {
        await store.close();
        await remove();
      },
    };
  },
});
