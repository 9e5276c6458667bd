import { memoryEventStore } from '../../src/stores/memory.js';
import { eventStoreContract } from '../../src/testing/eventStoreContract.js';

eventStoreContract('memoryEventStore', () => ({ store: memoryEventStore() }));
