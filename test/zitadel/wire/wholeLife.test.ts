import { openService } from '../openService.js';
import { ways } from './ways.js';
import { liveWholeLife } from './wholeLife.js';

describe('targets and executions live their whole life', () => {
  for (const { name, version, hasKeys, call } of ways)
    it(`in ${version} by ${name}`, async () => {
      const service = await openService();
      await liveWholeLife((rpc, request) => call(service, rpc, request), hasKeys);
    });
});
