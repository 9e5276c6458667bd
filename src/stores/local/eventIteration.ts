import type { RecordedEvent } from '../../ports.js';
import { type EventLog, type StoredEvent, toRecordedEvent } from './eventLog.js';

/** A page of events of the log, or a message of another kind. */
export type Pages<Message> = AsyncGenerator<readonly StoredEvent[] | Message, void, undefined>;

interface IterationSource<Message> {
  readonly pages: Pages<Message>;
  /** Whether the reader has ended, so that buffered events are dropped. */
  ended(): boolean;
  /** Ends a wait inside `pages`, so that the reader can leave. */
  cancel?(): void;
}

/**
 * Yields the events of pages one by one. This is an iterator and no generator: a buffered event costs one promise, and is
 * parsed only when the reader takes it, so that no page is in memory twice.
 */
export function iterateEvents<Message = never>(
  log: EventLog,
  open: () => IterationSource<Message>,
): AsyncIterable<RecordedEvent | Message> {
  return { [Symbol.asyncIterator]: () => new EventIterator(log, open()) };
}

class EventIterator<Message> implements AsyncIterator<RecordedEvent | Message, undefined, undefined> {
  readonly #log: EventLog;
  readonly #source: IterationSource<Message>;
  #page: readonly StoredEvent[] = [];
  #next = 0;
  #pulling: Promise<unknown> | undefined;

  constructor(log: EventLog, source: IterationSource<Message>) {
    this.#log = log;
    this.#source = source;
  }

  next(): Promise<IteratorResult<RecordedEvent | Message, undefined>> {
    if (this.#pulling !== undefined) return this.#after(this.#pulling);
    const event = this.#page[this.#next];
    if (event === undefined || this.#source.ended()) return this.#pull();
    this.#next += 1;
    try {
      return Promise.resolve({ value: toRecordedEvent(event, this.#log), done: false });
    } catch (error) {
      return this.return().then(() => {
        throw error;
      });
    }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#page = [];
    this.#source.cancel?.();
    await this.#source.pages.return();
    return { value: undefined, done: true };
  }

  #pull(): Promise<IteratorResult<RecordedEvent | Message, undefined>> {
    this.#page = [];
    this.#next = 0;
    const pulled = this.#source.pages
      .next()
      .finally(() => {
        this.#pulling = undefined;
      })
      .then((pulled) => {
        if (pulled.done === true) return { value: undefined, done: true } as const;
        if (!Array.isArray(pulled.value)) return { value: pulled.value as Message, done: false } as const;
        this.#page = pulled.value as readonly StoredEvent[];
        return this.next();
      });
    this.#pulling = pulled;
    return pulled;
  }

  /** A reader may call `next` again before the last call has resolved: results keep the order of the calls. */
  async #after(pulling: Promise<unknown>): Promise<IteratorResult<RecordedEvent | Message, undefined>> {
    await pulling.catch(() => undefined);
    return this.next();
  }
}
