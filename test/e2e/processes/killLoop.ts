/**
 * `npm run torture:sqlite -- [kills]`: kills one of two processes on one SQLite file again and again, and judges
 * the file.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createActions, isActionsError } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { until } from '../../support/conditions.js';
import type { Acknowledged } from './acknowledged.js';
import { startWorker, type Worker } from './startWorker.js';

interface KillFigures {
  readonly kills: number;
  /** Acknowledged events. */
  readonly appended: number;
  readonly lost: number;
  readonly writtenTwice: number;
  /** Stored although their own attempt was vetoed. */
  readonly vetoedButStored: number;
  /** Acknowledged targets of which no event is stored. */
  readonly targetsLost: number;
  /** Names that two targets have. */
  readonly namesHeldTwice: number;
  /** Names that no target has and that none can take. */
  readonly namesBlocked: number;
  /** Differences between the index of a new process and one rebuilt from the events. */
  readonly drift: number;
}

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Vetoes every event whose data ask for it, and allows all others. */
function startEndpoint() {
  const server = createServer((call, answer) => {
    const chunks: Uint8Array[] = [];
    call.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    call.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { event_payload: { isVetoed?: boolean } };
      answer.setHeader('content-type', 'application/json');
      answer.end(body.event_payload.isVetoed ? '{"forwardedStatusCode":403}' : '');
    });
  });
  return new Promise<{ port: number; close(): void }>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      });
    }),
  );
}

async function judge(
  path: string,
  acknowledged: readonly Acknowledged[],
  kills: number,
): Promise<KillFigures> {
  const store = sqliteEventStore({ path });
  const stored = new Map<string, number>();
  const streams = new Set<string>();
  let vetoedButStored = 0;
  for await (const message of store.subscribe({ signal: new AbortController().signal })) {
    if ('caughtUp' in message) break;
    if (!('stream' in message)) continue;
    stored.set(message.id, (stored.get(message.id) ?? 0) + 1);
    streams.add(message.stream);
    if ((message.data as { isVetoed?: boolean }).isVetoed) vetoedButStored++;
  }
  const appended = acknowledged.flatMap((each) => (each.what === 'appended' ? [each.id] : []));
  const added = acknowledged.flatMap((each) => (each.what === 'added' ? [each.id] : []));

  const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
  const { drift } = await actions.rebuild();
  const names = (await actions.targets.list({ limit: 1_000 })).items.map(({ name }) => name);
  let namesBlocked = 0;
  for (let n = 0; n < 6; n++) {
    const name = `name ${n}`;
    const outcome = await actions.targets
      .add({ name, type: 'webhook', endpoint: 'https://example.com/' })
      .then(
        () => 'added',
        (error: unknown) => (isActionsError(error) ? error.code : String(error)),
      );
    if (outcome !== (names.includes(name) ? 'ALREADY_EXISTS' : 'added')) namesBlocked++;
  }
  await actions.close();
  await store.close();
  return {
    kills,
    appended: appended.length,
    lost: appended.filter((id) => !stored.has(id)).length,
    writtenTwice: [...stored.values()].filter((times) => times > 1).length,
    vetoedButStored,
    targetsLost: added.filter((id) => !streams.has(`actions.target-default.${id}`)).length,
    namesHeldTwice: names.length - new Set(names).size,
    namesBlocked,
    drift: drift.length,
  };
}

/** Bounded by `kills`: each round lets a fresh process work for at most 150 ms before it is killed. */
export async function killLoop(kills: number): Promise<KillFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'kill-'));
  const path = join(folder, 'events.db');
  const endpoint = await startEndpoint();
  const acknowledged: Acknowledged[] = [];
  const running: Worker[] = [];
  let seed = 0;

  async function start(): Promise<void> {
    running.push(
      await startWorker([worker, path, String(endpoint.port), String(++seed)], (line) => {
        acknowledged.push(line as Acknowledged);
      }),
    );
  }

  try {
    const store = sqliteEventStore({ path });
    const actions = await createActions({
      eventStore: store,
      keyring: 'plaintext',
      network: { allow: [`127.0.0.1:${endpoint.port}`] },
    });
    const watch = await actions.targets.add({
      name: 'policy',
      type: 'webhook',
      endpoint: `http://127.0.0.1:${endpoint.port}/`,
      interruptOnError: true,
    });
    await actions.executions.set({ event: { group: 'order' } }, [watch.id]);
    await actions.close();
    await store.close();

    await Promise.all([start(), start()]);
    // Kills of processes that have done nothing yet would show nothing.
    await until(() => acknowledged.some(({ what }) => what === 'appended'));
    for (let killed = 0; killed < kills; killed++) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      const [oldest] = running;
      running.shift();
      await oldest?.kill();
      await start();
    }
    for (const child of running.splice(0)) await child.kill();
    return await judge(path, acknowledged, kills);
  } finally {
    for (const child of running.splice(0)) await child.kill();
    endpoint.close();
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await killLoop(Number(process.argv[2] ?? 200));
  console.log(figures);
  const { kills: _kills, appended, ...faults } = figures;
  if (appended === 0 || Object.values(faults).some((count) => count > 0)) process.exit(1);
}
