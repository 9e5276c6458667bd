import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The listening port and its connections, which can be cut as those of a killed process. */
export class Connections {
  readonly #server: Server;
  readonly #open = new Map<string, Socket>();

  constructor(accept: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
      this.#open.set(peer, socket);
      socket.on('close', () => this.#open.delete(peer));
      // The server ignores the error of a client that leaves.
      socket.on('error', () => undefined);
      socket.setNoDelay();
      accept(socket);
    });
  }

  /** @param port - 0 for any free one */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resets the connections. */
  cut(peer: string): void {
    this.#open.get(peer)?.resetAndDestroy();
  }

  /** @param flush - whether written bytes are still sent */
  async close(flush: boolean): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    if (flush) for (const socket of this.#open.values()) socket.destroySoon();
    else for (const socket of this.#open.values()) socket.resetAndDestroy();
    await closed;
  }
}
