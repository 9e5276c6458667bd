import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A fault for the first message of a client that contains this text. */
interface WireFault {
  readonly text: string;
  /**
   * - `before`: the message does not reach the server, and both connections are cut
   * - `after`: the message reaches the server, its answer does not come back, and both connections are cut
   * - `silence`: the message does not reach the server, and nothing is cut
   */
  readonly then: 'before' | 'after' | 'silence';
}

/** A wire between a pool and a PostgreSQL server on loopback, with faults. */
export interface Wire {
  readonly connectionString: string;
  /** Faults that have not happened yet, in order. */
  readonly faults: WireFault[];
  /** The server of new connections. */
  target: number;
  cutAll(): void;
  close(): Promise<void>;
}

export async function openWire(connectionString: string): Promise<Wire> {
  const url = new URL(connectionString);
  const sockets = new Set<Socket>();
  const faults: WireFault[] = [];
  const server = createServer((client) => {
    const upstream = connect(wire.target, '127.0.0.1');
    let isDeaf = false;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    client.on('data', (chunk: Buffer) => {
      const [fault] = faults;
      if (fault === undefined || !chunk.includes(fault.text)) {
        upstream.write(chunk);
        return;
      }
      faults.shift();
      isDeaf = true;
      if (fault.then === 'silence') return;
      if (fault.then === 'before') cut();
      // The server has handled the message when the first byte of its answer arrives.
      else {
        upstream.once('data', cut);
        upstream.write(chunk);
      }
    });
    upstream.on('data', (chunk: Buffer) => {
      if (!isDeaf) client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const { port } = server.address() as AddressInfo;
  url.port = String(port);
  const wire: Wire = {
    connectionString: url.href,
    faults,
    target: Number(new URL(connectionString).port),
    cutAll,
    async close() {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return wire;
}
