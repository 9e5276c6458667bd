import { expect } from 'chai';
import { request as ask } from 'node:http';
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { NodeResponse } from '../../../src/zitadel/serving/nodeMessages.js';
import { serverCertificate } from '../../support/certificates.js';
import { closeAfterTest } from '../../support/closings.js';
import { refusal } from '../../support/answers.js';
import { button, heading, useBrowser, visit } from './browsing.js';
import { serveShop } from './servedConsole.js';

const base = '/ops/console';

type Handler = (request: Http2ServerRequest, response: NodeResponse) => void;

/** A server with TLS on loopback, to which browsers speak HTTP/2. */
async function secure(handler: Handler) {
  const protocols = new Set<string>();
  const server: Http2SecureServer = createSecureServer(
    { ...serverCertificate, allowHTTP1: true },
    (request, response) => {
      protocols.add(request.httpVersion);
      handler(request, response);
    },
  );
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const session of sessions) session.destroy();
    await closed;
  });
  return { origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, protocols };
}

/** Forwards each request over HTTP/1.1 with its host, as a proxy that terminates TLS does. */
const proxyTo =
  (origin: string): Handler =>
  (request, response) => {
    const { host, ...headers } = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !name.startsWith(':')),
    );
    const onwards = ask(`${origin}${request.url}`, {
      method: request.method,
      headers: { ...headers, host: request.authority || String(host) },
    });
    const end = () => response.destroy();
    onwards.on('error', end);
    onwards.on('response', (answer) => {
      const { connection: _, 'keep-alive': _alive, 'transfer-encoding': _chunks, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, kept as never);
      answer.on('error', end);
      answer.pipe(response as never);
    });
    response.on('close', () => onwards.destroy());
    // The console has refused the body: read the rest of it from the browser.
    onwards.on('close', () => request.unpipe(onwards).resume());
    request.pipe(onwards);
  };

describe('the console over TLS and HTTP/2, below a path', () => {
  useBrowser();

  const ways = {
    'on node:http2': ({ served }: Awaited<ReturnType<typeof serveShop>>) => secure(served),
    'behind a proxy': ({ origin }: Awaited<ReturnType<typeof serveShop>>) => secure(proxyTo(origin)),
  };
  for (const [how, serve] of Object.entries(ways))
    it(`shows calls as they happen, makes changes and refuses long bodies, ${how}`, async () => {
      const shop = await serveShop({}, { basePath: base });
      const { actions, place, policy, served } = shop;
      const { origin, protocols } = await serve(shop);
      await visit(origin, { base, path: '#/calls', closes: true }, async (page) => {
        await page.getByText('Live', { exact: true }).waitFor();
        policy.server.answer(refusal(403, 'the customer is blocked'));
        await place('order-1').catch(() => undefined);
        await page.getByRole('region', { name: 'List of calls' }).getByText('refused').first().waitFor();
        await page.goto(`${origin}${base}/#/executions/event%2Forder.*`);
        await button(page, 'Remove').click();
        await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
        await heading(page, 'Executions').waitFor();
        const status = await page.evaluate<number>(`fetch('api/explain', {
          method: 'POST',
          headers: {
            authorization: 'Bearer all', 'content-type': 'application/json', 'x-actions-console': '1',
          },
          body: JSON.stringify({ kind: 'event', name: 'x'.repeat(2_000_000) }),
        }).then(({ status }) => status)`);
        expect(status).to.equal(413);
        await page.goto(`${origin}${base}/#/calls`);
        await page.getByText('Live', { exact: true }).waitFor();
        await served.close();
        await page.getByText('Live', { exact: true }).waitFor({ state: 'detached' });
      });
      expect((await actions.executions.list()).items.map(({ id }) => id)).not.to.include('event/order.*');
      expect([...protocols]).to.deep.equal(['2.0']);
    });
});
