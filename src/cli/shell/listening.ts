import { once } from 'node:events';
import { isIP, type AddressInfo, type Server } from 'node:net';
import { InvalidArgumentError } from 'commander';

export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Write a port from 0 to 65535.');
  return Number(text);
}

/** Whether only this machine can reach the address. A name may mean any address. */
export const isLoopback = (host: string): boolean =>
  host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Starts listening. Resolves with the port; the system chooses it for 0. */
export async function listening(
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
  signal: AbortSignal,
): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening', { signal }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new Error(`port ${port} of ${host} is taken; name another with --port, 0 draws one`, {
      cause: error,
    });
  });
  return (server.address() as AddressInfo).port;
}
