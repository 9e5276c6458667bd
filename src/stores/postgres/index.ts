export {
  postgresEventStore,
  type PostgresEventStore,
  type PostgresEventStoreOptions,
} from './postgresEventStore.js';
export { schemaSQL } from './eventTables.js';
export type { PostgresClient, PostgresPool } from './pool.js';
export {
  postgresDeliveryStore,
  type PostgresDeliveryStoreOptions,
} from '../postgresDeliveries/postgresDeliveryStore.js';
export { deliverySchemaSQL } from '../postgresDeliveries/deliveryTables.js';
export {
  emmettPostgreSQLSource,
  type EmmettPostgreSQLSource,
  type EmmettPostgreSQLSourceOptions,
} from '../emmettPostgreSQL/emmettPostgreSQLSource.js';
