import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** The endpoint of another team, which receives every order. */
export interface CRM {
  readonly endpoint: string;
  /** The last received call about a stream, once there is one. */
  heardOf(stream: string): Promise<string>;
  close(): Promise<void>;
}

export async function openCRM(): Promise<CRM> {
  const heard = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { phase, stream, sequence } = JSON.parse(Buffer.concat(chunks).toString()) as {
      readonly phase: string;
      readonly stream: string;
      readonly sequence: number;
    };
    heard.set(stream, `${phase}, sequence ${sequence}`);
    response.end();
    server.emit('heard');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/orders`,
    async heardOf(stream) {
      for (;;) {
        const told = heard.get(stream);
        if (told !== undefined) return told;
        await once(server, 'heard');
      }
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
