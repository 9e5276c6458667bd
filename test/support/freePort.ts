import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below the ports that the system chooses for port 0, so that it gives none of these to another server before its
 * use.
 */
const ports = [10_000, 30_000] as const;
const mostTries = 100;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });

/** Takes the port of UDP with the same number until this process ends: no other run of the tests is given the port. */
const hold = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, '127.0.0.1', () => {
      resolve(true);
    });
  });

/**
 * A free port of loopback, for a server in another process that needs its port as an argument. The port stays reserved while
 * this process runs: a server may start again on it.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const port = randomInt(...ports);
    if ((await hold(port)) && (await isFree(port))) return port;
  }
  throw new Error(`no port of ${ports.join(' to ')} is free`);
}
