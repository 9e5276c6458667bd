import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { createActionService } from '../../src/zitadel/index.js';
import { createConsoleOf } from '../../src/console/console.js';
import { changeHeaders, pageOfTests } from '../console/openConsole.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';
import { authenticate } from './openService.js';
import { listen } from '../support/listen.js';

async function serve() {
  const { actions } = await openActions();
  const page = createConsoleOf(actions, { authenticate, basePath: '/console' }, { folder: pageOfTests() });
  closeAfterTest(() => page.close());
  const service = createActionService(actions, { authenticate });
  return listen(
    createServer((request, response) => page(request, response, () => service.handler(request, response))),
  );
}

const paths = { console: '/console/api/explain', REST: '/v2/actions/targets' };
const mebibyte = 1_048_576;

describe('a refused body', () => {
  for (const [name, path] of Object.entries(paths)) {
    it(`by the ${name} is answered, and the connection is closed, for every length and every caller`, async () => {
      const port = await serve();
      const isConsole = name === 'console';
      for (const [token, size, status] of [
        ['all', 2 * mebibyte, isConsole ? 413 : 429],
        ['all', 9 * mebibyte, isConsole ? 413 : 429],
        ['nothing', 9 * mebibyte, 403],
        ['unknown', 9 * mebibyte, 401],
      ] as const) {
        const body = Buffer.alloc(size, 'x');
        const outcomes = await Promise.all(
          Array.from({ length: 3 }, async () => {
            const headers = { authorization: `Bearer ${token}`, ...changeHeaders };
            const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
              method: 'POST',
              headers,
              body,
            });
            return `${answer.status} ${answer.headers.get('connection') ?? ''} ${typeof (await answer.json())}`;
          }),
        );
        expect(new Set(outcomes), `${token}, ${size}`).to.deep.equal(new Set([`${status} close object`]));
      }
    });

    it(`by the ${name} is answered to a sender that reads no answer before all is sent`, async () => {
      const port = await serve();
      const socket = connect(port, '127.0.0.1');
      socket.pause();
      await once(socket, 'connect');
      const size = 12 * mebibyte;
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer all\r\nx-actions-console: 1\r\n` +
          `content-type: application/json\r\ncontent-length: ${size}\r\n\r\n`,
      );
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.write('x'.repeat(size), (error) => (error ? reject(error) : resolve()));
      });
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      const said = Buffer.concat(chunks).toString('utf8');
      expect(said)
        .to.match(/^HTTP\/1\.1 (413|429) /)
        .and.to.match(/the body is longer than \d+ bytes/);
    });

    it(`by the ${name} closes a connection on which the client sends without end`, async () => {
      const port = await serve();
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer all\r\nx-actions-console: 1\r\n` +
          `content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
      );
      const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
      let sent = 0;
      const isOpen = () => !socket.destroyed;
      for (; isOpen() && sent < 2_000; sent += 1)
        if (!socket.write(chunk))
          await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
      expect(isOpen(), `${sent} chunks of 64 KiB`).to.equal(false);
    });
  }

  it('is answered at once when it has arrived whole, and its connection is kept', async () => {
    const port = await serve();
    const answer = await fetch(`http://127.0.0.1:${port}${paths.console}`, {
      method: 'POST',
      headers: { authorization: 'Bearer all', ...changeHeaders },
      body: '{',
    });
    expect([answer.status, answer.headers.get('connection')]).to.deep.equal([400, 'keep-alive']);
  });
});
