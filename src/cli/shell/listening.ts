import { once } from 'node:events';
import { isIP, type AddressInfo, type Server } from 'node:net';
import { InvalidArgumentError } from 'commander';

export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('Write a port from 0 to 65535.');
  return Number(text);
}

/** Parses the address of a network interface, or a name that stands for one. */
export function parseHost(text: string): string {
  if (!/^[A-Za-z0-9._:%-]{1,253}$/.test(text))
    throw new InvalidArgumentError('Write an IP address, or the name of this machine.');
  return text;
}

/** Whether only this machine can reach the address. A host name may stand for any address. */
export const isLoopback = (host: string): boolean =>
  host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Starts listening. Resolves with the port, which the system chooses for 0. */
export async function listening(
  server: Server,
  { port, host }: { readonly port: number; readonly host: string },
  signal: AbortSignal,
): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening', { signal }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new Error(`port ${port} of ${host} is in use; name another with --port, or 0 for any free port`, {
      cause: error,
    });
  });
  return (server.address() as AddressInfo).port;
}

/** The URL of a server, with an IPv6 address in brackets. */
export const urlOf = (scheme: 'http' | 'https', host: string, port: number): string =>
  `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
