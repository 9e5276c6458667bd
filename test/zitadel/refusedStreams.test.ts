import { expect } from 'chai';
import { once } from 'node:events';
import { connect, constants, createServer, type ClientHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createActionService } from '../../src/zitadel/index.js';
import { createConsoleOf } from '../../src/console/console.js';
import { changeHeaders, pageOfTests } from '../console/openConsole.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';
import { authenticate } from './openService.js';

async function openSession(): Promise<ClientHttp2Session> {
  const { actions } = await openActions();
  const page = createConsoleOf(actions, { authenticate, basePath: '/console' }, { folder: pageOfTests() });
  closeAfterTest(() => page.close());
  const service = createActionService(actions, { authenticate });
  const server = createServer((request, response) =>
    page(request, response, () => service.handler(request, response)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => {
    server.close();
  });
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  session.on('error', () => undefined);
  closeAfterTest(() => {
    session.destroy();
  });
  return session;
}

/** Sends chunks until all are sent or the stream ends, and gives the answer once the stream has ended. */
async function post(session: ClientHttp2Session, path: string, token: string, chunks: number) {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    authorization: `Bearer ${token}`,
    ...changeHeaders,
  });
  let [status, text] = [0, ''];
  stream.on('response', (headers) => (status = headers[':status'] ?? 0));
  stream.on('data', (data: Buffer) => (text += data.toString('utf8')));
  const closed = once(stream, 'close');
  const chunk = Buffer.alloc(65_536, 'x');
  let sent = 0;
  const isOpen = () => !stream.closed && !stream.destroyed;
  for (; isOpen() && sent < chunks; sent += 1)
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), closed]);
  if (isOpen()) stream.end();
  await closed;
  return { status, sent, rstCode: stream.rstCode, isJSON: typeof JSON.parse(text) === 'object' };
}

describe('a body refused over HTTP/2', () => {
  for (const [name, path] of Object.entries({ console: '/console/api/explain', REST: '/v2/actions/targets' }))
    it(`by the ${name} is answered, its stream ends, and the connection goes on`, async () => {
      const session = await openSession();
      const tooLong = name === 'console' ? 413 : 429;
      for (const [token, chunks, status] of [
        ['unknown', 4, 401],
        ['nothing', 4, 403],
        ['unknown', 100, 401],
        ['all', 32, tooLong],
        ['all', 150, tooLong],
      ] as const) {
        const answers = await Promise.all(
          Array.from({ length: 4 }, () => post(session, path, token, chunks)),
        );
        for (const { rstCode, ...answer } of answers) {
          expect(answer, `${token}, ${chunks}`).to.deep.equal({ status, sent: chunks, isJSON: true });
          expect(rstCode).to.equal(constants.NGHTTP2_NO_ERROR);
        }
      }
      const endless = await post(session, path, 'all', 10_000);
      expect(endless).to.include({ status: tooLong, isJSON: true });
      expect(endless.sent).to.be.below(10_000);
      expect((await post(session, '/none', 'all', 0)).status, 'on the same connection').to.equal(404);
    });
});
