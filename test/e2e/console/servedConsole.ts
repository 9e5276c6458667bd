import { execFile } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { promisify } from 'node:util';
import { createConsoleOf, type ConsoleOptions } from '../../../src/console/console.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { durable, openDeliveries } from '../../deliveries/openDeliveries.js';
import { closeAfterTest } from '../../support/closings.js';
import type { OpenOptions } from '../../support/openActions.js';
import { authenticate } from '../../zitadel/openService.js';

let folder: string | undefined;

/** Builds the page once for all suites, as the package is built. */
export function usePage(): void {
  before(async function () {
    this.timeout(120_000);
    if (folder !== undefined) return;
    const place = temporaryFolder();
    folder = place.file('page');
    process.once('exit', place.remove);
    await promisify(execFile)(process.execPath, ['.ci/console.js', folder]);
  });
}

/** A server that can be cut off, and whose answers can be held back. */
interface Line {
  readonly origin: string;
  /** Requests that arrived, as `POST /api/targets`. */
  readonly asked: readonly string[];
  /** The answers to these requests, as `200 POST /api/targets`. */
  readonly answered: readonly string[];
  /** Holds the requests that contain a text, in the form of {@link asked}, until the returned function is called. */
  hold(text: string): () => void;
  /** Stops listening on the port, and listens on it again. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

async function openLine(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Line> {
  const asked: string[] = [];
  const answered: string[] = [];
  const sockets = new Set<Socket>();
  const held = new Map<string, (() => void)[]>();
  let server: Server | undefined;
  let port = 0;

  async function mend(): Promise<void> {
    const opened = createServer((request, response) => {
      const text = `${request.method ?? ''} ${request.url ?? ''}`;
      asked.push(text);
      response.on('finish', () => answered.push(`${response.statusCode} ${text}`));
      const go = () => handler(request, response);
      const waiting = [...held].find(([part]) => text.includes(part))?.[1];
      if (waiting) waiting.push(go);
      else go();
    });
    opened.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve));
    ({ port } = opened.address() as AddressInfo);
    server = opened;
  }

  async function cut(): Promise<void> {
    const closing = server;
    server = undefined;
    if (!closing) return;
    const closed = new Promise<void>((resolve) => {
      closing.close(() => {
        resolve();
      });
    });
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await mend();
  closeAfterTest(cut);
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    answered,
    hold(text) {
      const waiting: (() => void)[] = [];
      held.set(text, waiting);
      return () => {
        held.delete(text);
        for (const go of waiting) go();
      };
    },
    cut,
    mend,
  };
}

/**
 * The console over real actions, real targets and durable delivery, on a real port. Everything is closed after the
 * test.
 */
export async function serveConsole(options: OpenOptions = {}, consoleOptions: Partial<ConsoleOptions> = {}) {
  const opened = await openDeliveries({}, options);
  const { actions, deliveries } = opened;
  if (folder === undefined) throw new Error('usePage() belongs into the suite');
  const served = createConsoleOf(actions, { authenticate, deliveries, ...consoleOptions }, { folder });
  closeAfterTest(() => served.close());
  const line = await openLine(served);
  return { ...opened, served, ...line };
}

/** Targets and executions of a small shop, and some calls that were made. */
export async function serveShop(options: OpenOptions = {}, consoleOptions: Partial<ConsoleOptions> = {}) {
  const served = await serveConsole(options, consoleOptions);
  const { add, actions, guarded } = served;
  const policy = await add({ name: 'order policy', type: 'requestResponse', interruptOnError: true });
  const screening = await add({ name: 'fraud screening', type: 'webhook', enforcement: 'observe' });
  const crm = await add({ name: 'crm sync', ...durable });
  await actions.executions.set({ event: { all: true } }, [screening.id]);
  await actions.executions.set({ event: { group: 'order' } }, [policy.id, crm.id]);
  await actions.executions.set({ event: { event: 'order.placed' } }, [
    policy.id,
    { include: { event: { all: true } } },
  ]);
  await actions.executions.set({ event: { event: 'order.noted' } }, []);
  await actions.executions.set({ request: { service: 'orders.v1.OrderService' } }, [policy.id]);
  await actions.executions.set({ function: { name: 'preaccesstoken' } }, [screening.id]);
  const place = (stream: string, type = 'order.placed', data: object = { total: 12 }) =>
    guarded.append(stream, [{ type, data: data as { readonly [name: string]: number } }]);
  return { ...served, policy, screening, crm, place };
}
