export type { ContractOptions, ContractRunner, StoreUnderTest } from './contract/harness.js';
export { eventStoreContract } from './eventStoreContract.js';
export { deciderSpec, type DeciderGiven, type DeciderOutcome } from './deciderSpec.js';
