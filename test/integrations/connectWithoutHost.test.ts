import { connectNodeAdapter } from '@connectrpc/connect-node';
import { expect } from 'chai';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { actionsInterceptor } from '../../src/integrations/connect/index.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';
import { OrderService } from './orderService.js';

/** The server of docs/guides/connect.md. */
async function open(): Promise<number> {
  const { actions } = await openActions();
  const handle = connectNodeAdapter({
    routes: (router) => router.service(OrderService, {}),
    interceptors: [actionsInterceptor(actions)],
  });
  const server = createServer((request, response) => {
    try {
      handle(request, response);
    } catch {
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const path = '/orders.v1.OrderService/PlaceOrder';
const requests: Readonly<Record<string, readonly string[]>> = {
  'HTTP/1.0 without a host': [`POST ${path} HTTP/1.0`],
  'a host that is no part of a URL': [`POST ${path} HTTP/1.1`, 'host: a b', 'connection: close'],
  'a host with a port out of range': [`POST ${path} HTTP/1.1`, 'host: a:99999', 'connection: close'],
};

describe('the server of the Connect guide', () => {
  for (const [what, head] of Object.entries(requests))
    it(`answers ${what} with 400, and goes on`, async () => {
      const port = await open();
      const send = async (lines: readonly string[]) => {
        const socket = connect(port, '127.0.0.1');
        const headers = ['content-type: application/json', 'content-length: 2'];
        socket.write(`${[...lines, ...headers].join('\r\n')}\r\n\r\n{}`);
        return text(socket);
      };
      expect(await send(head)).to.match(/^HTTP\/1\.1 400 /);
      const fine = [`POST ${path} HTTP/1.1`, 'host: localhost', 'connection: close'];
      expect(await send(fine)).to.match(/^HTTP\/1\.1 501 /);
    });
});
