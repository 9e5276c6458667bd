import type { Version } from '../../../src/zitadel/wire/rpcTable.js';
import { surface } from '../../zitadel/wire/surface.js';
import { filledPath } from '../../zitadel/wire/ways.js';
import { liveWholeLife, type Call } from '../../zitadel/wire/wholeLife.js';
import { useProgram } from '../cli/program.js';
import { curl, openServed } from './servedStore.js';

const byCurl =
  (base: string): Call =>
  async (rpc, request) => {
    const [verb, path] = surface[rpc].rest;
    const { filled, body } = filledPath(path, request);
    const hasBody = verb === 'POST' || verb === 'PUT';
    const answer = await curl(
      '--request',
      verb,
      '--header',
      'authorization: Bearer all',
      ...(hasBody ? ['--header', 'content-type: application/json', '--data', JSON.stringify(body)] : []),
      `${base}${filled}`,
    );
    if (answer.status === 200) return { code: 0, body: answer.body };
    const { code, message } = answer.body as unknown as { readonly code: number; readonly message: string };
    return { code, message, body: {} };
  };

describe('targets and executions of a served store', () => {
  useProgram();

  for (const version of ['v2', 'v2beta'] satisfies readonly Version[])
    it(`live their whole life by curl, in ${version}`, async () => {
      const { serve } = await openServed();
      const { port } = await serve();
      await liveWholeLife(byCurl(`http://127.0.0.1:${port}/${version}`), version === 'v2');
    });
});
