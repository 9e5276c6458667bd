import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that a system gives to those who ask for any: none of these is given away before it is used. */
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

/** A port of loopback that nothing listens on, for a server of another process that has to be told its port. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const port = randomInt(...ports);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port of ${ports.join(' to ')} is free`);
}
