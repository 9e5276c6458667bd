import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { Cluster, type Member } from './cluster.js';
import { EventStore } from './eventStore.js';
import { Faults } from './faults.js';
import { openGates, type Gates } from './gates.js';
import type { Node, NodeSettings } from './node.js';
import { dropCall, OpenCalls, type Drop, type OpenCall } from './openCalls.js';
import { PersistentGroups } from './persistentGroups.js';
import { startServer, type RunningServer } from './server.js';
import type { StoredEvent } from './storedEvent.js';
import { failure, type Endpoint } from './trailers.js';

export type DoubleOptions = Partial<NodeSettings> & {
  /** @defaultValue any free one */
  readonly port?: number;
  /** The time of stored events, in milliseconds since the epoch. @defaultValue Date.now */
  readonly now?: () => number;
  /** Milliseconds between the kill and the next start of a restart that a fault asks for. @defaultValue 20 */
  readonly downTime?: number;
  /** Joins the cluster of another double as a follower; they share the database. */
  readonly join?: EventStoreDouble;
};

const host = '127.0.0.1';

/** An EventStoreDB in this process, as far as a client can tell. */
export class EventStoreDouble {
  readonly faults = new Faults();
  readonly gates: Gates = openGates();
  readonly #store: EventStore;
  readonly #groups: PersistentGroups;
  readonly #cluster: Cluster;
  readonly #member: Member;
  readonly #calls = new OpenCalls();
  readonly #settings: NodeSettings;
  readonly #downTime: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #running: RunningServer | undefined;
  #isStopping = false;
  #isClosed = false;
  #restarts = 0;
  #lifecycle: Promise<void> = Promise.resolve();

  constructor(options: DoubleOptions) {
    const { join } = options;
    this.#settings = {
      maxAppendSize: options.maxAppendSize ?? 1_048_576,
      secondAnswerAfter: options.secondAnswerAfter ?? 2_000,
      appendsTogether: options.appendsTogether ?? false,
    };
    this.#downTime = options.downTime ?? 20;
    this.#store = join ? join.#store : new EventStore(options.now ?? Date.now);
    this.#groups = join ? join.#groups : new PersistentGroups();
    this.#cluster = join ? join.#cluster : new Cluster();
    this.#member = this.#cluster.join({ host, port: options.port ?? 0 });
  }

  get port(): number {
    return this.#member.port;
  }

  get endpoint(): Endpoint {
    return { host, port: this.port };
  }

  get connectionString(): string {
    return `esdb://${host}:${this.port}?tls=false`;
  }

  /** Names every node of the cluster, so that the client asks for gossip. */
  get clusterConnectionString(): string {
    const hosts = this.#cluster.members.map((member) => `${member.host}:${member.port}`);
    return `esdb://${hosts.join(',')}?tls=false`;
  }

  /** The number of restarts. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The events of streams with this prefix, in the order of their commit, without events of the server. */
  stored(prefix = ''): readonly StoredEvent[] {
    return this.#store.log
      .all()
      .filter(({ stream }) => stream.startsWith(prefix) && (prefix !== '' || !stream.startsWith('$')));
  }

  /** Starts it again on its port. */
  async start(): Promise<void> {
    await this.#next(() => this.#start());
  }

  /** SIGKILL: connections are reset, the port is free, and what was written stays. */
  async kill(): Promise<void> {
    await this.#next(() => this.#stop(false));
  }

  /** SIGTERM: waiting calls are answered "not ready", subscriptions end with an error, and the server stops. */
  async terminate(): Promise<void> {
    await this.#next(async () => {
      this.#isStopping = true;
      for (const gate of Object.values(this.gates)) gate.open();
      this.dropSubscriptions(failure(status.INTERNAL, 'Received RST_STREAM with code 0'));
      await nextTurn();
      await nextTurn();
      await this.#stop(true);
      this.#isStopping = false;
    });
  }

  /** Kills it and starts it again on the same port. @param downTime - in milliseconds */
  async restart(downTime = 0): Promise<void> {
    await this.#next(async () => {
      await this.#stop(false);
      if (downTime > 0) await delay(downTime);
      await this.#start();
      this.#restarts++;
    });
  }

  /** Resolves when a restart that a fault asked for is over. */
  async settled(): Promise<void> {
    await this.#next(() => Promise.resolve());
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
  openCalls(kind: OpenCall['kind']): number {
    return this.#calls.of(kind).length;
  }

  /** Makes the cluster elect this node. */
  promote(): void {
    this.#cluster.elect(this.#member);
    this.#groups.restart();
    this.#store.startEpoch();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.kill();
    for (const gate of Object.values(this.gates)) gate.open();
    if (this.#cluster.isDown) this.#groups.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Runs starts and stops one after another. */
  async #next(step: () => Promise<void>): Promise<void> {
    const done = this.#lifecycle.then(step);
    this.#lifecycle = done.catch(() => undefined);
    await done;
  }

  async #start(): Promise<void> {
    if (this.#isClosed || this.#running) return;
    this.#running = await startServer(host, this.port, (cut, signal) => this.#node(cut, signal));
    this.#member.port = this.#running.port;
    this.#member.isAlive = true;
  }

  async #stop(flush: boolean): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const running = this.#running;
    this.#running = undefined;
    if (!running) return;
    this.#member.isAlive = false;
    await running.stop(flush);
    // Calls that waited at a gate end with the server.
    for (const gate of Object.values(this.gates)) gate.release(Infinity);
    // As long as another node lives, the cluster remembers.
    if (!this.#cluster.isDown) return;
    if (this.faults.forgetsIdsAtRestart) this.#store.forgetIds();
    this.#groups.restart();
    this.#store.startEpoch();
  }

  #drop(how: Drop, ...kinds: readonly OpenCall['kind'][]): void {
    for (const call of this.#calls.of(...kinds)) dropCall(call, how, (peer) => this.#running?.cut(peer));
  }

  #node(cut: (peer: string) => void, signal: AbortSignal): Node {
    return {
      store: this.#store,
      groups: this.#groups,
      cluster: this.#cluster,
      member: this.#member,
      faults: this.faults,
      gates: this.gates,
      calls: this.#calls,
      settings: this.#settings,
      signal,
      cut,
      isStopping: () => this.#isStopping,
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
