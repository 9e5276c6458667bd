import { createActions, memoryEventStore } from '../../src/index.js';
import type {
  Actions,
  ActionsOptions,
  AddedTarget,
  AddTarget,
  CallReport,
  Condition,
  EventStore,
  RecordedEvent,
} from '../../src/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { openRemoteStore, remoteStoreKinds } from '../eventstoredb/adapter/openRemoteStore.js';
import { temporaryFolder } from './temporaryFolder.js';
import { closeAfterTest } from './closings.js';
import { onlyKind, type OpenedStore } from './onlyStoreKind.js';
import { targetServer, type Script, type TargetServer } from './targetServer.js';

const only = onlyKind();

/** In this process or in a file: a stale append is refused before a target is called. */
export const localStoreKinds: readonly string[] = only === undefined ? ['memory', 'sqlite'] : [];

/** Stores of this package: positions count by one. */
export const storeKinds: readonly string[] = only === undefined ? localStoreKinds : [only.name];

/** Also stores on a server of events: the EventStoreDB double, and a real one where EVENTSTOREDB_URL names it. */
export const allStoreKinds: readonly string[] =
  only === undefined ? [...storeKinds, ...remoteStoreKinds] : storeKinds;

/** A target of its own endpoint. */
export interface Endpoint extends AddedTarget {
  readonly server: TargetServer;
}

/** The options of a target, except those that the harness sets. */
export type TargetSettings = Partial<Omit<AddTarget, 'endpoint'>> & {
  readonly script?: Script;
  /** @defaultValue `/` */
  readonly path?: string;
};

/** Actions over a store and real endpoints on loopback. Everything is closed after the test. */
export interface OpenedActions {
  readonly actions: Actions;
  readonly store: EventStore;
  readonly guarded: EventStore;
  /** The reports that `onCall` received. */
  readonly reports: readonly CallReport[];
  /** A server whose port the network policy allows from then on. */
  serve(script?: Script): Promise<TargetServer>;
  /** Adds a target with an endpoint of its own. */
  add(settings?: TargetSettings): Promise<Endpoint>;
  /** Adds targets and sets them as the list of a condition. */
  call(condition: Condition, ...targets: readonly TargetSettings[]): Promise<readonly Endpoint[]>;
  read(stream: string): Promise<readonly RecordedEvent[]>;
}

export type OpenOptions = Partial<ActionsOptions> & { readonly storeKind?: string };

/** A store that the caller closes. */
export async function openKind(kind: string): Promise<OpenedStore> {
  if (kind === only?.name) return only.open();
  if (remoteStoreKinds.includes(kind)) return openRemoteStore(kind);
  if (kind === 'memory') return { store: memoryEventStore(), close: () => undefined };
  const folder = temporaryFolder();
  const store = sqliteEventStore({ path: folder.file('events.db'), synchronous: 'NORMAL' });
  return {
    store,
    async close() {
      await store.close();
      folder.remove();
    },
  };
}

/** A store that is closed after the test. */
export async function openStore(kind: string): Promise<EventStore> {
  const { store, close } = await openKind(kind);
  closeAfterTest(close);
  return store;
}

export async function readAll(store: EventStore, stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of store.readStream(stream)) events.push(event);
  return events;
}

export async function openActions({
  storeKind = 'memory',
  ...options
}: OpenOptions = {}): Promise<OpenedActions> {
  const store = options.eventStore ?? (await openStore(storeKind));
  const reports: CallReport[] = [];
  const actions = await createActions({
    keyring: 'plaintext',
    onCall: (report) => reports.push(report),
    ...options,
    eventStore: store,
  });
  closeAfterTest(() => actions.close());
  const allow: string[] = [];
  let names = 0;

  async function serve(script: Script = {}): Promise<TargetServer> {
    const server = await targetServer(script);
    closeAfterTest(() => server.close());
    allow.push(server.allow);
    await actions.network.change({ allow });
    return server;
  }

  async function add({ script, path, ...settings }: TargetSettings = {}): Promise<Endpoint> {
    const server = await serve(script);
    names += 1;
    const input = { name: `target ${names}`, type: 'webhook' as const, ...settings };
    return { server, ...(await actions.targets.add({ ...input, endpoint: server.url(path) })) };
  }

  return {
    actions,
    store,
    guarded: actions.intercept(store),
    reports,
    serve,
    add,
    async call(condition, ...targets) {
      const endpoints: Endpoint[] = [];
      for (const target of targets) endpoints.push(await add(target));
      await actions.executions.set(
        condition,
        endpoints.map(({ id }) => id),
      );
      return endpoints;
    },
    read: (stream) => readAll(store, stream),
  };
}

/** The error of a rejected promise; a resolved promise fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const answer = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (answer) return answer.error;
  throw new Error('it was answered where it should have been rejected');
}
