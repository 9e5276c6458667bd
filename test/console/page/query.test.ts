import { expect } from 'chai';
import type { Client } from '../../../src/console/page/api/client.js';
import { useQuery } from '../../../src/console/page/state/query.js';
import { until } from '../../support/conditions.js';
import { openHook } from './openHook.js';

describe('what a page reads', () => {
  it('is loading until it is answered, and no longer when the page asks for nothing', async () => {
    const asked: string[] = [];
    const answers: ((answer: never) => void)[] = [];
    const client: Pick<Client, 'get'> = {
      get(path) {
        asked.push(path);
        return new Promise((resolve) => answers.push(resolve));
      },
    };
    const { show, result } = openHook(client, ({ path }: { readonly path: string | undefined }) =>
      useQuery<string>(path),
    );
    const state = () => [result()?.isLoading, result()?.data];

    show({ path: 'api/executions?search=order' });
    await until(() => asked.length === 1);
    expect(state()).to.deep.equal([true, undefined]);
    show({ path: undefined });
    expect(state()).to.deep.equal([false, undefined]);

    show({ path: 'api/executions?search=stock' });
    await until(() => asked.length === 2);
    expect(state()).to.deep.equal([true, undefined]);
    answers[1]?.('stock' as never);
    await until(() => result()?.data === 'stock');
    expect(state()).to.deep.equal([false, 'stock']);
  });
});
