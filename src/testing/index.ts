export type { ContractOptions, ContractRunner, StoreUnderTest } from './contract/harness.js';
export { eventStoreContract } from './eventStoreContract.js';
export { deciderSpec, type DeciderGiven, type DeciderOutcome } from './deciderSpec.js';
export { deliveryStoreContract, type DeliveryStoreUnderTest } from './deliveryStoreContract.js';
export { deliverySourceContract, type DeliverySourceUnderTest } from './deliverySourceContract.js';
