import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeAfterTest } from '../support/closings.js';

/** Serves an application of Express on loopback until the test has ended. Resolves with its port. */
export async function listening(app: { listen(port: number, host: string): Server }): Promise<number> {
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  closeAfterTest(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
