import { Cluster, type Member } from './cluster.js';
import type { Connections } from './connections.js';
import { EventStore } from './eventStore.js';
import { Faults } from './faults.js';
import { openGates, type Gates } from './gates.js';
import type { Node, NodeSettings } from './node.js';
import { OpenCalls } from './openCalls.js';
import { PersistentGroups } from './persistentGroups.js';
import { startServer, type RunningServer } from './server.js';
import type { StoredEvent } from './storedEvent.js';
import { cancelled, unavailable, type Endpoint, type Failure } from './trailers.js';

export type DoubleOptions = Partial<NodeSettings> & {
  /** @defaultValue any free one */
  readonly port?: number;
  /** Milliseconds since the epoch. @defaultValue Date.now */
  readonly now?: () => number;
  /** Milliseconds between the kill and the next start of a restart that a fault asks for. @defaultValue 20 */
  readonly downTime?: number;
  /** Joins the cluster of another double, with which it shares the database. */
  readonly join?: EventStoreDouble;
};

/** How an open call comes to its end. */
export type Drop = 'unavailable' | 'cancelled' | 'end' | 'reset' | Failure;

const host = '127.0.0.1';

/** An EventStoreDB in this process, as far as a client can tell. */
export class EventStoreDouble {
  readonly faults = new Faults();
  readonly gates: Gates = openGates();
  readonly store: EventStore;
  readonly #groups: PersistentGroups;
  readonly #cluster: Cluster;
  readonly #calls = new OpenCalls();
  readonly #settings: NodeSettings;
  readonly #downTime: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #connections: Pick<Connections, 'cut'> | undefined;
  #running: RunningServer | undefined;
  #member: Member | undefined;
  #port: number;
  #isClosed = false;
  #lifecycle: Promise<void> = Promise.resolve();
  #restarts = 0;

  constructor(options: DoubleOptions) {
    this.#settings = {
      maxAppendSize: options.maxAppendSize ?? 1_048_576,
      secondAnswerAfter: options.secondAnswerAfter ?? 2_000,
    };
    this.#port = options.port ?? 0;
    this.#downTime = options.downTime ?? 20;
    this.store = options.join?.store ?? new EventStore(options.now ?? Date.now);
    this.#groups = options.join ? options.join.#groups : new PersistentGroups();
    this.#cluster = options.join ? options.join.#cluster : new Cluster();
  }

  get port(): number {
    return this.#port;
  }

  get endpoint(): Endpoint {
    return { host, port: this.#port };
  }

  get connectionString(): string {
    return `esdb://${host}:${this.#port}?tls=false`;
  }

  /** How often it was killed and started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Everything that was written, in the order of its commit, but for the server's own streams. */
  stored(): readonly StoredEvent[] {
    return this.store.log.all().filter(({ stream }) => !stream.startsWith('$'));
  }

  /** Starts it, on the same port as before. */
  async start(): Promise<void> {
    await this.#next(() => this.#start());
  }

  /** Kills it: connections are reset, the port is free, what was written stays. */
  async kill(): Promise<void> {
    await this.#next(() => this.#kill());
  }

  /** Kills it and starts it again on the same port. @param downTime - in milliseconds */
  async restart(downTime = 0): Promise<void> {
    await this.#next(async () => {
      await this.#kill();
      await new Promise((resolve) => setTimeout(resolve, downTime));
      await this.#start();
      this.#restarts++;
    });
  }

  /** Ends the subscriptions that are open now, persistent ones as well. */
  dropSubscriptions(how: Drop): void {
    this.#drop(how, 'subscription', 'persistent');
  }

  /** Ends the batch streams that are open now. */
  dropBatchStreams(how: Drop): void {
    this.#drop(how, 'batch');
  }

  /** How many calls of this kind are open now. */
  openCalls(kind: 'batch' | 'subscription' | 'persistent'): number {
    return this.#calls.of(kind).length;
  }

  /** It leads its cluster from now on. */
  promote(): void {
    if (this.#member) this.#cluster.elect(this.#member);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const gate of Object.values(this.gates)) gate.open();
    await this.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Starts, kills and restarts come one after the other. */
  async #next(step: () => Promise<void>): Promise<void> {
    const done = this.#lifecycle.then(step);
    this.#lifecycle = done.catch(() => undefined);
    await done;
  }

  async #start(): Promise<void> {
    if (this.#isClosed || this.#running) return;
    const member = this.#member ?? this.#cluster.join({ host, port: this.#port });
    this.#running = await startServer(host, this.#port, (connections, signal) =>
      this.#node(connections, signal, member),
    );
    this.#port = this.#running.port;
    member.port = this.#port;
    member.isAlive = true;
    this.#member = member;
  }

  async #kill(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    if (this.#member) this.#member.isAlive = false;
    await running.kill();
    if (this.faults.forgetsIdsAtRestart) this.store.forgetIds();
    this.#groups.restart();
    this.store.startEpoch();
  }

  #drop(how: Drop, ...kinds: readonly ('batch' | 'subscription' | 'persistent')[]): void {
    for (const call of this.#calls.of(...kinds))
      if (how === 'end') call.end();
      else if (how === 'reset') this.#connections?.cut(call.peer);
      else if (how === 'unavailable') call.fail(unavailable());
      else if (how === 'cancelled') call.fail(cancelled());
      else call.fail(how);
  }

  #node(connections: Pick<Connections, 'cut'>, signal: AbortSignal, member: Member): Node {
    this.#connections = connections;
    return {
      store: this.store,
      groups: this.#groups,
      cluster: this.#cluster,
      member,
      faults: this.faults,
      gates: this.gates,
      calls: this.#calls,
      settings: this.#settings,
      signal,
      cut: (peer) => {
        connections.cut(peer);
      },
      restart: () => void this.restart(this.#downTime),
      later: (milliseconds, action) => {
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          action();
        }, milliseconds);
        this.#timers.add(timer);
      },
    };
  }
}

/** Starts a double that answers like EventStoreDB 24.2. */
export const startDouble = async (options: DoubleOptions = {}): Promise<EventStoreDouble> => {
  const double = new EventStoreDouble(options);
  await double.start();
  return double;
};
