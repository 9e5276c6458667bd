/** What a subpath of the package promises: the values and types that exist, and the only packages that importing it may load. */
export interface Subpath {
  readonly values: readonly string[];
  readonly types: readonly string[];
  readonly loads: readonly string[];
}

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
    loads: ['@eventstore/db-client', 'zod'],
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
  './sqlite': { values: ['sqliteEventStore'], types: [], loads: [] },
  './testing': { values: [], types: [], loads: core },
};
