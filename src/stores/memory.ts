import { randomUUID } from 'node:crypto';
import { ConcurrencyConflictError } from '../errors.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { requireFunction } from '../lib/reading/reading.js';
import { timeOfDay } from '../lib/time/timeOfDay.js';
import type { AppendResult } from '../ports.js';
import {
  type EventLog,
  type LogPage,
  pageEvents,
  pagePositions,
  type StoredEvent,
} from './local/eventLog.js';
import { Followers } from './local/followers.js';
import { decideAppend, type StreamTail } from './local/decideAppend.js';
import { localEventStore, type LocalEventStore } from './local/localEventStore.js';
import type { ProposedAppend } from '../events/proposedAppend.js';

/** The options of {@link memoryEventStore}. */
export interface MemoryEventStoreOptions {
  /** Milliseconds since the Unix epoch: the `created` of events. @defaultValue `Date.now` */
  readonly now?: () => number;
  /** Makes the id of an event without one; a UUID. @defaultValue `crypto.randomUUID` */
  readonly generateID?: () => string;
}

const optionNames: OptionNames<MemoryEventStoreOptions> = { now: true, generateID: true };

/**
 * Opens an event store in the memory of this process, for tests and trials: its events are lost when the process ends. It
 * implements {@link EventStore} like every other store. It keeps events as text, so it shares no object with the caller.
 *
 * `append` rejects with the reason of a `signal` that is already aborted; a later abort has no effect, because the store
 * appends at once. An open subscription does not keep the process alive.
 */
export function memoryEventStore(options: MemoryEventStoreOptions = {}): LocalEventStore {
  const { now = Date.now, generateID = randomUUID } = readOptions(options, optionNames, 'memoryEventStore');
  requireFunction(now, 'now');
  requireFunction(generateID, 'generateID');
  const followers = new Followers();
  const log = new MemoryLog(now, (stream) => {
    followers.announce([stream]);
  });
  return localEventStore(log, followers, generateID);
}

/** One stream's events by version, and the latest version of each id from the first append on that asks for one. */
class MemoryStream implements StreamTail {
  readonly events: StoredEvent[] = [];
  #versions: Map<string, number> | undefined;

  get last(): number | undefined {
    return this.events.at(-1)?.[2];
  }

  idAt(version: number): string | undefined {
    return this.events[version]?.[3];
  }

  latestVersionOf(id: string): number | undefined {
    this.#versions ??= new Map(this.events.map((event) => [event[3], event[2]]));
    return this.#versions.get(id);
  }

  add(event: StoredEvent): void {
    this.events.push(event);
    this.#versions?.set(event[3], event[2]);
  }
}

class MemoryLog implements EventLog {
  /** Positions count from one. */
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, MemoryStream>();
  readonly #now: () => number;
  readonly #announce: (stream: string) => void;

  constructor(now: () => number, announce: (stream: string) => void) {
    this.#now = now;
    this.#announce = announce;
  }

  async append(proposed: ProposedAppend): Promise<AppendResult> {
    const stream = this.#streams.get(proposed.stream) ?? new MemoryStream();
    const decision = decideAppend(proposed, stream);
    if (decision.kind === 'conflict')
      throw new ConcurrencyConflictError(proposed.stream, proposed.expectedVersion, decision.actualVersion);
    if (decision.kind === 'empty') return { version: BigInt(decision.version) };
    if (decision.kind === 'append') this.#write(proposed, stream, decision.firstVersion);
    const version =
      decision.kind === 'append' ? decision.firstVersion + proposed.events.length - 1 : decision.version;
    const position = stream.events[version]?.[0] ?? 0;
    return { version: BigInt(version), position: BigInt(position) };
  }

  #write(proposed: ProposedAppend, stream: MemoryStream, firstVersion: number): void {
    const created = timeOfDay(this.#now);
    this.#streams.set(proposed.stream, stream);
    for (const [index, { id, type, data, metadata }] of proposed.events.entries()) {
      const event: StoredEvent = [
        this.#events.length + 1,
        proposed.stream,
        firstVersion + index,
        id,
        type,
        data,
        metadata,
        created,
      ];
      this.#events.push(event);
      stream.add(event);
    }
    this.#announce(proposed.stream);
  }

  head(): number {
    return this.#events.length;
  }

  readStream(name: string, from: number, step: 1 | -1, limit: number): readonly StoredEvent[] {
    const events = this.#streams.get(name)?.events ?? [];
    if (step === 1) return events.slice(from, from + limit);
    const end = Math.min(from + 1, events.length);
    return events.slice(Math.max(end - limit, 0), end).reverse();
  }

  pages(prefixes: readonly string[] | undefined) {
    return (after: number, head: number): LogPage => {
      const until = Math.min(after + pagePositions, head);
      const found: StoredEvent[] = [];
      for (let position = after + 1; position <= until; position += 1) {
        const event = this.#events[position - 1];
        if (event === undefined) break;
        if (prefixes?.some((prefix) => event[1].startsWith(prefix)) ?? true) found.push(event);
        if (found.length === pageEvents) return { events: found, examined: position };
      }
      return { events: found, examined: until };
    };
  }

  dataAt(position: number): string | Uint8Array {
    return this.#events[position - 1]?.[5] ?? '';
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
