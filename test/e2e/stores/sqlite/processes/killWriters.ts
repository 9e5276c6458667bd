import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RecordedEvent } from '../../../../../src/ports.js';
import { openDatabase } from '../../../../../src/stores/sqlite/driver.js';
import { sqliteEventStore } from '../../../../../src/stores/sqlite/index.js';
import { runStoreProcess, type StoreProcess } from './runStoreProcess.js';

interface KillFigures {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acknowledged events that are missing, or not at the acknowledged version. */
  readonly lost: number;
  readonly writtenTwice: number;
  /** Events of a process that was killed before it acknowledged them. */
  readonly writtenUnacknowledged: number;
  /** Streams whose versions do not count up by one. */
  readonly brokenStreams: number;
  /** Events that the subscription of this process did not deliver once and in order. */
  readonly misdelivered: number;
  /** The result of SQLite's check of the file: `ok`. */
  readonly integrity: string;
  readonly longestSurvivorAppendMs: number;
}

/**
 * Two processes at a time append to one file; one of them is killed again and again at a random moment and another
 * replaces it, while this process appends and subscribes. Compares the acknowledged events with the stored ones.
 */
export async function killWriters(path: string, kills: number): Promise<KillFigures> {
  const survivor = startSurvivor(path);
  const acknowledged: string[] = [];
  const start = async (number: number): Promise<Writer> => {
    const file = `${path}.acknowledged-${number}`;
    return { process: await runStoreProcess('./writer.ts', path, String(number), file), file };
  };
  const kill = async ({ process, file }: Writer): Promise<void> => {
    await process.untilLine(() => true);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 50));
    await process.kill();
    // A last line that is half written is no acknowledgement.
    acknowledged.push(...readFileSync(file, 'utf8').split('\n').slice(0, -1));
  };
  let running: readonly Writer[] = await Promise.all([start(0), start(1)]);
  for (let killed = 0; killed < kills; killed += 1) {
    const [victim, ...others] = running;
    if (victim === undefined) break;
    running = [...others, await start(killed + 2)];
    await kill(victim);
  }
  for (const one of running) await kill(one);
  const survived = await survivor.stop();
  acknowledged.push(...survived.acknowledged);
  return {
    kills: kills + running.length,
    longestSurvivorAppendMs: Math.round(survived.longestMs),
    ...(await compare(path, acknowledged, survived.delivered)),
  };
}

interface Writer {
  readonly process: StoreProcess;
  readonly file: string;
}

function startSurvivor(path: string) {
  const store = sqliteEventStore({ path });
  const acknowledged: string[] = [];
  const delivered: RecordedEvent[] = [];
  const appending = new AbortController();
  let longestMs = 0;
  let last: bigint | undefined;
  const appended = (async () => {
    while (!appending.signal.aborted) {
      const id = randomUUID();
      const since = performance.now();
      const { version } = await store.append('survivor', [{ id, type: 'survivor', data: {} }]);
      longestMs = Math.max(longestMs, performance.now() - since);
      acknowledged.push(`survivor ${version} ${id}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  const following = (async () => {
    for await (const message of store.subscribe({ signal: new AbortController().signal })) {
      if ('stream' in message) delivered.push(message);
      if (last !== undefined && (delivered.at(-1)?.position ?? 0n) >= last) break;
    }
  })();
  return {
    async stop() {
      appending.abort();
      await appended;
      ({ position: last } = await store.append('survivor.last', [{ type: 'survivor', data: {} }]));
      await following;
      await store.close();
      return { acknowledged, delivered, longestMs };
    },
  };
}

async function compare(path: string, lines: readonly string[], delivered: readonly RecordedEvent[]) {
  await using store = sqliteEventStore({ path });
  const there = new Set<string>();
  const ids = new Set<string>();
  const versions = new Map<string, bigint>();
  let broken = 0;
  let misdelivered = 0;
  let read = 0;
  for await (const message of store.subscribe({ signal: new AbortController().signal })) {
    if ('caughtUp' in message) break;
    if (!('stream' in message)) continue;
    const { stream, version, id } = message;
    there.add(`${stream} ${version} ${id}`);
    ids.add(id);
    if (version !== (versions.get(stream) ?? -1n) + 1n) broken += 1;
    versions.set(stream, version);
    if (delivered[read]?.position !== message.position) misdelivered += 1;
    read += 1;
  }
  const db = openDatabase(path, { readonly: true });
  const integrity = db.pragma('integrity_check', { simple: true }) as string;
  db.close();
  return {
    acknowledged: lines.length,
    lost: lines.filter((line) => !there.has(line)).length,
    writtenTwice: read - ids.size,
    writtenUnacknowledged: read - lines.length,
    brokenStreams: broken,
    misdelivered: misdelivered + Math.max(delivered.length - read, 0),
    integrity,
  };
}
