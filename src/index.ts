export { createActions, type Actions } from './actions.js';
export type { ActionsOptions } from './options.js';
export type { CatalogueListing, CatalogueOptions } from './execution/catalogue.js';
export type { LimitOptions, Limits } from './limits.js';
export type { Health } from './health.js';
export {
  createDeliveries,
  type Deliveries,
  type DeliveriesOptions,
  type DeliveryWorker,
} from './deliveries/deliveries.js';
export type { DeliveriesHealth, TargetHealth } from './deliveries/deliveriesHealth.js';
export type { RetryTarget, WorkOptions } from './deliveries/context/workOptions.js';
export type { RetrySchedule } from './deliveries/policy/retry.js';
export type { DeliveryReport } from './deliveries/context/deliveryReport.js';
export type { DeliveryPage, ListDeliveries } from './deliveries/operators/listing.js';
export type {
  DiscardRequest,
  Operators,
  ReplayRequest,
  Requested,
} from './deliveries/operators/operators.js';
export type {
  DeliveriesStatus,
  OldestDelivery,
  TargetDeliveries,
  TargetState,
} from './deliveries/operators/status.js';
export type { DeliveryItem } from './deliveries/operators/waitingItem.js';
export {
  eventDeliveryStore,
  type EventDeliveryStoreOptions,
} from './deliveries/eventStore/eventDeliveryStore.js';
export { memoryDeliveryStore } from './deliveries/store/memoryDeliveryStore.js';
export type {
  Commit,
  CursorKey,
  CursorRow,
  DeadLetter,
  DeadLetterQuery,
  DeliveryRequest,
  DeliveryStore,
  FailedAttempt,
  LaneKey,
  LaneRow,
  Lease,
  PartitionChange,
  PartitionLease,
  PartitionState,
  Stop,
  WorkerBeat,
} from './deliveries/store/deliveryStore.js';
export type { DeliverySource } from './deliveries/context/context.js';
export { createKeyring, type KeyringOptions } from './signing/keyring.js';
export { generateEd25519SigningKey } from './signing/signingKey.js';
export { memoryEventStore, type MemoryEventStoreOptions } from './stores/memory.js';
export type { LocalEventStore } from './stores/local/localEventStore.js';

export type {
  AddedTarget,
  ChangedTarget,
  CommandResult,
  RotatedSigningKey,
  RotateSigningKey,
} from './commands/targets.js';
export type { AddTarget, ChangeTarget } from './target/targetInput.js';
export { eighteenDigitIDs } from './commands/targetIDs.js';
export type { AddedPublicKey, AddPublicKey, TargetKeys } from './commands/targetKeys.js';
export type {
  Reencrypt,
  ReencryptOptions,
  ReencryptProgress,
  ReencryptResult,
  UnreadableSecret,
} from './commands/reencryption.js';
export type { EntryInput } from './commands/executions.js';
export type { ChangeOptions } from './commands/revision.js';
export type { ExecutionView, Page, TargetView } from './commands/queries.js';
export type {
  ExecutionFilter,
  ExecutionQuery,
  ExecutionSortField,
  NameFilter,
  SortDirection,
  TargetFilter,
  TargetQuery,
  TargetSortField,
} from './commands/queryFilters.js';
export { conditionOf, executionID } from './execution/condition.js';
export type { Condition, EventCondition, MethodCondition, Occurrence } from './execution/condition.js';
export type { PublicKey } from './target/publicKeys.js';
export type {
  Delivery,
  DeliveryOrder,
  Enforcement,
  PayloadType,
  TargetType,
} from './target/targetSchemas.js';
export type { Explanation } from './routing/explain.js';
export type { FailedEvent } from './routing/rows/failedEvents.js';
export type { GivenIndexStore } from './routing/givenIndexStore.js';
export type { Drift } from './routing/drift.js';
export type { RebuildOptions, RebuildProgress, RebuildResult } from './routing/buildIndex.js';

export type { BreakerOptions, BreakerStatus } from './firing/pacing/breakers.js';
export type { ObservedCounts } from './firing/reporting/callReporter.js';
export type { CallReport, Verdict } from './firing/reporting/callReport.js';
export type {
  CallFacts,
  CallFilter,
  CallQuery,
  Calls,
  KeptCall,
  MissedCalls,
} from './firing/reporting/callLog.js';
export type { TargetCallHealth } from './firing/reporting/targetCounts.js';
export type { CallSettings, CallsOptions } from './firing/callPath.js';
export type { Mode } from './firing/enforcement.js';
export type { NetworkExplanation } from './network/networkPolicy.js';
export type {
  Connect,
  DialTarget,
  NameLookup,
  NetworkPolicyOptions,
  NetworkPolicySource,
} from './network/networkPolicyOptions.js';
export type { ProxyOptions } from './firing/transport/proxy.js';
export type { TlsOptions } from './firing/transport/secureContext.js';
export type { ContentSchema } from './hooks/operations/contentSchema.js';
export type { Caller } from './hooks/context/caller.js';
export { defineFunction } from './hooks/operations/functionDefinition.js';
export type { AnyFunctionDefinition, FunctionDefinition } from './hooks/operations/functionDefinition.js';
export { isHookedStream } from './hooks/context/hookedStream.js';
export { flowFunctions } from './hooks/flows/flowFunctions.js';
export { logClaimName } from './hooks/flows/claims.js';
export type { HookOptions } from './hooks/hookOptions.js';
export type { Rehearsal, Rehearse, RehearseOptions } from './hooks/rehearsal.js';
export type { RehearsedCall } from './firing/rehearsedCalls.js';

export type {
  AppendOptions,
  AppendResult,
  EventData,
  EventStore,
  ExpectedVersion,
  JSONObject,
  JSONValue,
  Keyring,
  ReadOptions,
  RecordedEvent,
  SealedSecret,
  SubscribeOptions,
  SubscriptionMessage,
} from './ports.js';
export {
  ActionsClosedError,
  ActionsError,
  AlreadyExistsError,
  AppendTooLargeError,
  CircularIncludeError,
  ConcurrencyConflictError,
  ConditionNotFoundError,
  DeadlineExceededError,
  EventStoreAccessDeniedError,
  EventStoreContractError,
  EventStoreUnavailableError,
  ExecutionNotFoundError,
  IndexNotReadyError,
  InvalidArgumentError,
  InvalidSignatureError,
  isActionsError,
  MaxIncludeDepthError,
  MissingDependencyError,
  OutcomeUnknownError,
  PublicKeyNotFoundError,
  ReentrancyLimitError,
  SecretUnreadableError,
  StreamDeletedError,
  TargetInterruptedError,
  TargetNotFoundError,
} from './errors.js';
export { publicMessage } from './integrations/publicMessage.js';
export type {
  ActionsErrorCode,
  EventStoreMember,
  InterruptReason,
  InvalidSignatureReason,
} from './errors.js';
