import { Checkpoints } from './checkpoints.js';
import { Consumer, type ConsumerCall, type Delivery } from './consumer.js';
import { pickConsumer } from './consumerStrategy.js';
import type { EventSource } from './eventSource.js';
import type { EventStore } from './eventStore.js';
import type { GroupSettings } from './groupSettings.js';
import type { GroupSource } from './groupSource.js';
import { ParkedMessages } from './parkedMessages.js';
import { resolveLink } from './resolveLink.js';
import { groupFailure, maximumSubscribersReached, type Failure } from './trailers.js';

/** The answers of a consumer other than an acknowledgement. */
export type Refusal = 'park' | 'retry' | 'skip' | 'stop';

/** Competing consumers of one source: at least once, in no certain order, with retries and parking. */
export class PersistentGroup {
  readonly name: string;
  readonly source: GroupSource;
  readonly parked: ParkedMessages;
  readonly #store: EventStore;
  readonly #checkpoints: Checkpoints;
  readonly #consumers: Consumer[] = [];
  readonly #unwatch: () => void;
  #settings: GroupSettings;
  #events: EventSource;
  #waiting: Delivery[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(store: EventStore, name: string, source: GroupSource, settings: GroupSettings) {
    const streams = `$persistentsubscription-${source.name}::${name}`;
    this.name = name;
    this.source = source;
    this.#store = store;
    this.#settings = settings;
    this.#events = source.open(undefined);
    this.parked = new ParkedMessages(store, `${streams}-parked`);
    this.#checkpoints = new Checkpoints(store, `${streams}-checkpoint`, source.checkpointText);
    this.#unwatch = store.log.watch(() => {
      this.#dispatch();
    });
  }

  get settings(): GroupSettings {
    return this.#settings;
  }

  get consumers(): readonly Consumer[] {
    return this.#consumers;
  }

  get lastCheckpoint(): number | undefined {
    return this.#checkpoints.written;
  }

  get retryBufferCount(): number {
    return this.#waiting.length;
  }

  /** New settings drop every consumer. */
  update(settings: GroupSettings): void {
    this.#settings = settings;
    this.drop();
  }

  join(call: ConsumerCall): Consumer | Failure {
    const { maxSubscriberCount } = this.#settings;
    if (maxSubscriberCount > 0 && this.#consumers.length >= maxSubscriberCount)
      return maximumSubscribersReached(this.source.name, this.name);
    const consumer = new Consumer(call);
    this.#consumers.push(consumer);
    return consumer;
  }

  /** Gives the unanswered messages of the consumer to the others. */
  leave(consumer: Consumer): void {
    const index = this.#consumers.indexOf(consumer);
    if (index < 0) return;
    this.#consumers.splice(index, 1);
    this.#waiting.unshift(...consumer.takeOverdue(Infinity));
    this.#dispatch();
  }

  /** The consumer is ready for its first messages. */
  begin(): void {
    this.#dispatch();
  }

  acknowledge(consumer: Consumer, ids: readonly string[]): void {
    for (const id of ids) this.#done(consumer.take(id));
    this.#dispatch();
  }

  refuse(consumer: Consumer, ids: readonly string[], refusal: Refusal, reason: string): void {
    for (const id of ids) {
      const delivery = consumer.take(id);
      if (!delivery) continue;
      if (refusal === 'skip') this.#done(delivery);
      else if (refusal === 'park') this.#park(delivery, reason);
      else this.#retry(delivery, reason);
    }
    if (refusal === 'stop') this.#dropOne(consumer);
    this.#dispatch();
  }

  replayParked(before?: number): void {
    for (const resolved of this.parked.take(before))
      this.#waiting.push({ id: resolved.link?.id ?? '', resolved, retryCount: 0, sequence: undefined });
    this.#dispatch();
  }

  /** Drops every consumer. */
  drop(): void {
    for (const consumer of [...this.#consumers]) this.#dropOne(consumer);
  }

  /** A killed server keeps its checkpoint, and loses the messages on the way. */
  restart(): void {
    this.#consumers.length = 0;
    this.#waiting = [];
    this.#checkpoints.restart();
    this.#events = this.source.open(this.#checkpoints.written);
    clearTimeout(this.#timer);
  }

  delete(): void {
    this.#unwatch();
    this.drop();
    clearTimeout(this.#timer);
  }

  #dropOne(consumer: Consumer): void {
    this.leave(consumer);
    consumer.call.drop(groupFailure('dropped', this.source.name, this.name));
  }

  #dispatch(): void {
    for (;;) {
      const consumer = pickConsumer(this.#consumers, this.#settings.strategy);
      const delivery = consumer && (this.#waiting.shift() ?? this.#read());
      if (!delivery) break;
      const { messageTimeout } = this.#settings;
      consumer.deliver(delivery, messageTimeout > 0 ? Date.now() + messageTimeout : Infinity);
    }
    this.#watchTimeouts();
  }

  #read(): Delivery | undefined {
    const event = this.#events.next();
    if (!event) return undefined;
    const sequence = this.source.sequence(event);
    this.#checkpoints.begin(sequence);
    const resolved = resolveLink(this.#store, event, this.#settings.resolveLinks);
    return { id: event.id, resolved, retryCount: 0, sequence };
  }

  #retry(delivery: Delivery, reason: string): void {
    if (delivery.retryCount >= this.#settings.maxRetryCount) this.#park(delivery, reason);
    else this.#waiting.push({ ...delivery, retryCount: delivery.retryCount + 1 });
  }

  #park(delivery: Delivery, reason: string): void {
    const { event, link } = delivery.resolved;
    // Park a message that was parked before as itself, not as a link to a link.
    const original = delivery.sequence === undefined ? event : (link ?? event);
    this.#done(delivery);
    if (original) this.parked.park(original, reason);
  }

  #done(delivery: Delivery | undefined): void {
    if (delivery?.sequence !== undefined) this.#checkpoints.done(delivery.sequence, this.#settings);
  }

  #watchTimeouts(): void {
    clearTimeout(this.#timer);
    const due = Math.min(...this.#consumers.map((consumer) => consumer.due));
    if (due === Infinity) return;
    this.#timer = setTimeout(() => {
      for (const consumer of this.#consumers)
        for (const delivery of consumer.takeOverdue(Date.now())) this.#retry(delivery, 'Message timed out');
      this.#dispatch();
    }, due - Date.now());
  }
}
