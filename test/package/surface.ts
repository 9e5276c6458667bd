/** The promises of a subpath of the package: its values and types, and the only packages that importing it may load. */
export interface Subpath {
  readonly values: readonly string[];
  readonly types: readonly string[];
  readonly loads: readonly string[];
  /** The packages that its users have installed: the framework of the integration. */
  readonly beside?: readonly string[];
}

/** The packages that the hooks need; a user of an integration has also made actions, which load more. */
const hooks = ['@opentelemetry/api', 'zod'];
const core = ['@opentelemetry/api', 'axios', 'cockatiel', 'immer', 'ipaddr.js', 'jose', 'zod'];

export const surface: Readonly<Record<string, Subpath>> = {
  '.': {
    values: [
      'createActions',
      'createKeyring',
      'memoryEventStore',
      'isActionsError',
      'ActionsError',
      'ConcurrencyConflictError',
      'DeadlineExceededError',
      'IndexNotReadyError',
      'InvalidArgumentError',
      'OutcomeUnknownError',
      'TargetInterruptedError',
    ],
    types: ['Actions', 'ActionsOptions', 'AppendOptions', 'EventData', 'EventStore', 'RecordedEvent'],
    loads: core,
  },
  './eventstoredb': {
    values: ['fromEventStoreDB', 'interceptClient'],
    types: [],
    loads: hooks,
  },
  './kurrentdb': {
    values: ['fromKurrentDB', 'interceptKurrentDB'],
    types: ['KurrentDBOptions', 'InterceptKurrentDBOptions'],
    loads: hooks,
  },
  './emmett': { values: ['interceptEmmett'], types: ['EmmettStore', 'InterceptingActions'], loads: [] },
  './postgres': {
    values: [
      'deliverySchemaSQL',
      'emmettPostgreSQLSource',
      'postgresDeliveryStore',
      'postgresEventStore',
      'schemaSQL',
    ],
    types: ['PostgresDeliveryStoreOptions', 'PostgresEventStoreOptions'],
    loads: [],
  },
  './receiver': {
    values: [
      'createReceiver',
      'memorySeenStore',
      'allow',
      'amend',
      'refuse',
      'InvalidSignatureError',
      'isActionsError',
    ],
    types: ['IncomingCall', 'ReceivedCall', 'Receiver', 'ReceiverOptions', 'Reply', 'SeenStore'],
    loads: ['jose', 'zod'],
  },
  './sqlite': {
    values: ['sqliteEventStore', 'sqliteIndexStore'],
    types: ['SQLiteEventStoreOptions', 'SQLiteIndexStore'],
    loads: ['immer', 'zod'],
  },
  './testing': {
    values: ['eventStoreContract', 'deciderSpec'],
    types: ['ContractOptions', 'StoreUnderTest'],
    loads: core,
  },
  './grpc': {
    values: ['guardService'],
    types: ['GuardServiceOptions'],
    loads: [...hooks, '@bufbuild/protobuf'],
    beside: ['@grpc/grpc-js@1'],
  },
  './connect': {
    values: ['actionsInterceptor'],
    types: ['ActionsInterceptorOptions'],
    loads: [...hooks, '@bufbuild/protobuf', '@connectrpc/connect'],
    beside: ['@connectrpc/connect@~2.1', '@bufbuild/protobuf@2'],
  },
  './express': {
    values: ['actionsProblems', 'expressActions'],
    types: ['ExpressActionsOptions'],
    loads: hooks,
    beside: ['express@5', '@types/express@5'],
  },
  './fastify': {
    values: ['actionsProblems', 'fastifyActions'],
    types: ['FastifyActionsOptions'],
    loads: hooks,
    beside: ['fastify@5'],
  },
  './zitadel': {
    values: ['createActionService'],
    types: ['Access', 'ActionService', 'ActionServiceOptions', 'Authenticate'],
    loads: [...core, '@bufbuild/protobuf', '@connectrpc/connect', '@connectrpc/connect-node'],
    beside: ['@connectrpc/connect@~2.1', '@connectrpc/connect-node@~2.1', '@bufbuild/protobuf@2'],
  },
  './console': {
    values: ['createConsole'],
    types: ['ActionsConsole', 'ConsoleOptions'],
    loads: [...core, '@bufbuild/protobuf', '@connectrpc/connect'],
    beside: ['@connectrpc/connect@~2.1', '@bufbuild/protobuf@2'],
  },
};
