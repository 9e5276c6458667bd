import { expect } from 'chai';

import { runExample } from '../../docs/examples.js';

describe('receiver examples', () => {
  for (const framework of ['Node', 'Express', 'Fastify'])
    it(`in ${framework} amend, refuse, and answer unsigned calls with 401`, async () => {
      expect((await runExample(`docs/examples/receiver${framework}.ts`)).split('\n')).to.deep.equal([
        'order-1 appended { total: 250, reviewed: true }',
        'order-2 refused 403 ask a manager',
        'a stranger is answered 401',
        'a stranger is answered 401',
        '',
      ]);
    });
});
