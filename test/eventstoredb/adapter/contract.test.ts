import { eventStoreContract } from '../../../src/testing/eventStoreContract.js';
import { startDouble } from '../double/startDouble.js';
import { isKurrentDB, serverURL, serverVariable } from '../../stores/eventStoreDB/clientUnderTest.js';
import { openStore } from './openStore.js';

const storeName = isKurrentDB ? 'fromKurrentDB' : 'fromEventStoreDB';

eventStoreContract(
  `${storeName} on the double`,
  async () => {
    const double = await startDouble();
    const under = openStore(double.connectionString);
    return {
      ...under,
      async cleanUp() {
        await under.cleanUp?.();
        await double.close();
      },
    };
  },
  { severalHandles: true },
);

const url = serverURL;
if (url !== undefined)
  eventStoreContract(`${storeName} on ${serverVariable}`, () => openStore(url), { severalHandles: true });
