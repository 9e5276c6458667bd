import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LiveLine } from '../../src/console/wire/calls.js';
import { createConsoleOf, type ConsoleOptions, type ConsoleParts } from '../../src/console/console.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, type OpenOptions } from '../support/openActions.js';
import { authenticate } from '../zitadel/openService.js';
import { listen } from '../support/listen.js';

/** A small page of files of each kind, which stands for the built page. */
export function pageOfTests(): string {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  const path = folder.file('page');
  mkdirSync(join(path, 'parts'), { recursive: true });
  writeFileSync(join(path, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(path, 'app.js'), 'document.title = "ready";\n');
  writeFileSync(join(path, 'app.css'), 'body { margin: 0 }\n');
  writeFileSync(join(path, 'parts', 'plots.js'), 'export const plots = [];\n');
  writeFileSync(join(path, 'notes.map'), '{}');
  return path;
}

interface Asked {
  /** @defaultValue `all` */
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Answered<Document> {
  readonly status: number;
  readonly headers: Headers;
  readonly document: Document;
}

/** The headers that the page sends with a change. */
export const changeHeaders = { 'content-type': 'application/json', 'x-actions-console': '1' } as const;

/** Requests an endpoint, such as `targets`: by POST where there is a body. */
export const asking =
  (port: number) =>
  async <Document>(
    path: string,
    { token = 'all', body, headers = {} }: Asked = {},
  ): Promise<Answered<Document>> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && changeHeaders),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, document: (await answer.json()) as Document };
  };

/** The console over actions, on a real port of loopback. */
export async function openConsole(
  options: OpenOptions = {},
  consoleOptions: Partial<ConsoleOptions> = {},
  parts: ConsoleParts = {},
) {
  const opened = await openActions(options);
  const served = createConsoleOf(
    opened.actions,
    { authenticate, ...consoleOptions },
    { folder: pageOfTests(), ...parts },
  );
  closeAfterTest(() => served.close());
  const port = await listen(createServer(served));
  const url = (path: string) => `http://127.0.0.1:${port}${path}`;

  const ask = asking(port);
  return { ...opened, served, port, url, ask };
}

/** The lines of a streamed answer as they arrive. */
export async function follow(url: string, token = 'all') {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { authorization: `Bearer ${token}` }, agent: false }, resolve).on('error', reject);
  });
  closeAfterTest(() => {
    answer.destroy();
  });
  const lines = createInterface({ input: answer })[Symbol.asyncIterator]();
  return {
    answer,
    /** `undefined` at the end. */
    async next(): Promise<LiveLine | undefined> {
      const line = await lines.next();
      return line.done === true ? undefined : (JSON.parse(line.value) as LiveLine);
    },
  };
}
