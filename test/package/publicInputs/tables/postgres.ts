import * as postgres from '../../../../src/stores/postgres/index.js';
import { call } from '../call.js';
import type { Scene } from '../row.js';

/** A pool whose server cannot be reached. */
export const openPostgres = (): Promise<Scene> => {
  const refused = () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const pool = {
    connect(done: (error: Error) => void) {
      done(refused());
    },
    query: () => Promise.reject(refused()),
  };
  return Promise.resolve({
    rows: {
      postgresEventStore: call(
        postgres.postgresEventStore,
        [{ pool, schema: 'actions', migrate: true, generateID: () => 'a' }],
        { whole: [[0, 'pool']] },
      ),
      postgresDeliveryStore: call(
        postgres.postgresDeliveryStore,
        [{ pool, schema: 'actions', migrate: true }],
        { whole: [[0, 'pool']] },
      ),
      emmettPostgreSQLSource: call(
        postgres.emmettPostgreSQLSource,
        [{ pool, schema: 'actions', partition: 'emt:default', pollMs: 100 }],
        { whole: [[0, 'pool']] },
      ),
      schemaSQL: call(postgres.schemaSQL, ['actions']),
      deliverySchemaSQL: call(postgres.deliverySchemaSQL, ['actions']),
    },
    made: {},
    effects: () => Promise.resolve(0),
  });
};
