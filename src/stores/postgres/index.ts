export {
  postgresEventStore,
  type PostgresEventStore,
  type PostgresEventStoreOptions,
} from './postgresEventStore.js';
export { schemaSQL } from './schema.js';
export type { PostgresClient, PostgresPool } from './pool.js';
export {
  postgresDeliveryStore,
  type PostgresDeliveryStoreOptions,
} from '../postgresDeliveries/postgresDeliveryStore.js';
export { deliverySchemaSQL } from '../postgresDeliveries/schema.js';
export {
  emmettPostgreSQLSource,
  type EmmettPostgreSQLSource,
  type EmmettPostgreSQLSourceOptions,
} from '../emmettPostgreSQL/emmettPostgreSQLSource.js';
