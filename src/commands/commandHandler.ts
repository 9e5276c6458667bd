import { pause } from '../lib/clock.js';
import { fold, type Decider } from '../decider.js';
import { isActionsError, OutcomeUnknownError } from '../errors.js';
import type {
  AppendResult,
  Clock,
  EventData,
  EventStore,
  ExpectedVersion,
  JSONObject,
  RecordedEvent,
} from '../ports.js';

/** An aggregate: how it decides, and how its stored events are read. */
export interface Aggregate<State, Command, Event> {
  readonly decider: Decider<State, Command, Event>;
  /** Leniently; `undefined` for a type that is not its own. Throws for malformed data. */
  readonly parse: (type: string, data: unknown) => Event | undefined;
}

export interface Loaded<State> {
  readonly state: State;
  readonly recorded: readonly RecordedEvent[];
}

export interface Handled {
  /** Of the last event of the aggregate; `undefined` where there never was one. */
  readonly position: bigint | undefined;
  readonly changed: boolean;
}

type DomainEvent = { readonly type: string; readonly data: unknown };

/** How often a command decides again after somebody else was faster (rule A2). */
const maxDecisions = 5;
const oneTryMs = 10_000;
const allTriesMs = 30_000;
const pauseBetweenTriesMs = 200;

export interface CommandHandlerOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly generateID: () => string;
  /** What the events say of who wrote them. */
  readonly metadata: (instanceID: string) => JSONObject;
  /** Is told of every aggregate that was read or written, so that the index is never behind a command. */
  readonly onRead: (recorded: readonly RecordedEvent[]) => void;
}

export interface CommandHandler {
  load<State, Command, Event extends DomainEvent>(
    aggregate: Aggregate<State, Command, Event>,
    stream: string,
  ): Promise<Loaded<State>>;
  /**
   * Loads the aggregate, decides, and appends with the version that was read; decides again when somebody else was faster.
   *
   * @throws {@link ConcurrencyConflictError} when that happened five times
   * @throws {@link OutcomeUnknownError} when the store did not say for 30 s whether it wrote
   */
  handle<State, Command, Event extends DomainEvent>(
    aggregate: Aggregate<State, Command, Event>,
    stream: string,
    instanceID: string,
    decide: (state: State) => readonly Event[] | Promise<readonly Event[]>,
  ): Promise<Handled>;
}

/** A malformed event is skipped, as the projection does: it must not lock an operator out of the aggregate. */
function* readable<Event>(
  parse: (type: string, data: unknown) => Event | undefined,
  recorded: readonly RecordedEvent[],
): Iterable<Event> {
  for (const { type, data } of recorded) {
    let event: Event | undefined;
    try {
      event = parse(type, data);
    } catch {
      continue;
    }
    if (event !== undefined) yield event;
  }
}

export function createCommandHandler(options: CommandHandlerOptions): CommandHandler {
  const { store, clock, generateID, metadata, onRead } = options;

  async function load<State, Command, Event extends DomainEvent>(
    { decider, parse }: Aggregate<State, Command, Event>,
    stream: string,
  ): Promise<Loaded<State>> {
    const recorded: RecordedEvent[] = [];
    for await (const event of store.readStream(stream)) recorded.push(event);
    return { state: fold(decider, readable(parse, recorded)), recorded };
  }

  async function tryOnce(stream: string, events: readonly EventData[], expectedVersion: ExpectedVersion) {
    const done = new AbortController();
    const timeUp = pause(clock, oneTryMs, done.signal).then((): AppendResult => {
      const ids = events.flatMap(({ id }) => id ?? []);
      throw new OutcomeUnknownError(stream, ids, expectedVersion, { detail: `no answer for ${oneTryMs} ms` });
    });
    try {
      return await Promise.race([store.append(stream, events, { expectedVersion }), timeUp]);
    } finally {
      timeUp.catch(() => undefined);
      done.abort();
    }
  }

  /** With the same ids and the same exact version, which every store recognises: nothing is written twice (rule E2). */
  async function appendUntilKnown(
    stream: string,
    events: readonly EventData[],
    expectedVersion: ExpectedVersion,
  ) {
    const startedAt = clock.elapsed();
    for (;;) {
      try {
        return await tryOnce(stream, events, expectedVersion);
      } catch (error) {
        const isLate = clock.elapsed() - startedAt + pauseBetweenTriesMs + oneTryMs > allTriesMs;
        if (!isActionsError(error, 'OUTCOME_UNKNOWN') || isLate) throw error;
        await pause(clock, pauseBetweenTriesMs, new AbortController().signal);
      }
    }
  }

  async function append(
    stream: string,
    instanceID: string,
    recorded: readonly RecordedEvent[],
    decided: readonly DomainEvent[],
  ): Promise<readonly RecordedEvent[]> {
    const commandID = generateID();
    const events = decided.map(({ type, data }) => ({
      id: generateID(),
      type,
      data: data as JSONObject,
      metadata: { ...metadata(instanceID), commandID, schema: 1 },
    }));
    const expectedVersion = recorded.at(-1)?.version ?? 'no-stream';
    const { version, position } = await appendUntilKnown(stream, events, expectedVersion);
    const [event] = events;
    if (events.length === 1 && event && position !== undefined)
      return [...recorded, { ...event, stream, version, position, created: new Date(clock.now()) }];
    const written: RecordedEvent[] = [];
    for await (const each of store.readStream(stream)) written.push(each);
    return written;
  }

  return {
    load,
    async handle(aggregate, stream, instanceID, decide) {
      for (let decision = 1; ; decision++) {
        const { state, recorded } = await load(aggregate, stream);
        const decided = await decide(state);
        try {
          const known = decided.length === 0 ? recorded : await append(stream, instanceID, recorded, decided);
          onRead(known);
          return { position: known.at(-1)?.position, changed: decided.length > 0 };
        } catch (error) {
          if (!isActionsError(error, 'CONCURRENCY_CONFLICT') || decision === maxDecisions) throw error;
        }
      }
    },
  };
}
