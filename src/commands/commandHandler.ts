import { pause } from '../lib/clock.js';
import { withinTime } from '../lib/withinTime.js';
import { fold, type Decider } from '../decider.js';
import { isActionsError, OutcomeUnknownError } from '../errors.js';
import type { Clock, EventData, EventStore, ExpectedVersion, JSONObject, RecordedEvent } from '../ports.js';
import { readAggregate } from './readAggregate.js';

/** An aggregate: how it decides, and how its stored events are read. */
interface Aggregate<State, Command, Event> {
  readonly decider: Decider<State, Command, Event>;
  /**
   * Reads a stored event, recorded at `at`; unknown fields are kept. `undefined` for an event type of another
   * aggregate. Throws for malformed data.
   */
  readonly parse: (type: string, data: unknown, at: number) => Event | undefined;
}

interface Loaded<State> {
  readonly state: State;
  readonly recorded: readonly RecordedEvent[];
}

interface Handled {
  /** Position of the last event of the aggregate; `undefined` where there never was one. */
  readonly position: bigint | undefined;
  /** When the store recorded that event. */
  readonly changed?: Date;
}

type DomainEvent = { readonly type: string; readonly data: unknown };

/** Attempts to decide when another writer appends between read and append (rule A2). */
const maxDecisions = 5;
const oneTryMs = 10_000;
const allTriesMs = 30_000;
const pauseBetweenTriesMs = 200;
/** How often an append that succeeded is read back before the index is left to the subscription. */
const maxReadsBack = 3;

interface CommandHandlerOptions {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly generateID: () => string;
  /** The metadata of events: who wrote them. */
  readonly metadata: (instanceID: string) => JSONObject;
  /**
   * Receives the events of every aggregate that a command reads or writes, so that the index is never behind a command.
   * Never rejects.
   */
  readonly onRead: (recorded: readonly RecordedEvent[]) => Promise<void>;
}

export interface CommandHandler {
  load<State, Command, Event extends DomainEvent>(
    aggregate: Aggregate<State, Command, Event>,
    stream: string,
  ): Promise<Loaded<State>>;
  /** Loads the aggregate, and applies the read events to the index, which may be behind. */
  look<State, Command, Event extends DomainEvent>(
    aggregate: Aggregate<State, Command, Event>,
    stream: string,
  ): Promise<State>;
  /**
   * Loads the aggregate, decides, and appends with the version that was read; decides again when another writer was faster.
   *
   * `decide` is told the version of the last event that could be read.
   *
   * @throws {@link ConcurrencyConflictError} when that happened five times
   * @throws {@link OutcomeUnknownError} when the store did not say for 30 s whether it wrote
   */
  handle<State, Command, Event extends DomainEvent>(
    aggregate: Aggregate<State, Command, Event>,
    stream: string,
    instanceID: string,
    decide: (state: State, version: bigint | undefined) => readonly Event[] | Promise<readonly Event[]>,
  ): Promise<Handled>;
}

/** Skips malformed events, as the projection does: a malformed event must not lock operators out of the aggregate. */
function* readable<Event>(
  parse: Aggregate<unknown, unknown, Event>['parse'],
  recorded: readonly RecordedEvent[],
): Iterable<Event> {
  for (const each of recorded) {
    const event = readOne(parse, each);
    if (event !== undefined) yield event;
  }
}

function readOne<Event>(
  parse: Aggregate<unknown, unknown, Event>['parse'],
  { type, data, created }: RecordedEvent,
): Event | undefined {
  try {
    return parse(type, data, created.getTime());
  } catch {
    return undefined;
  }
}

/** The version of the last event that can be read: the index has the same version for the aggregate. */
const lastReadable = (
  parse: Aggregate<unknown, unknown, unknown>['parse'],
  recorded: readonly RecordedEvent[],
): bigint | undefined => recorded.findLast((each) => readOne(parse, each) !== undefined)?.version;

export function createCommandHandler(options: CommandHandlerOptions): CommandHandler {
  const { store, clock, generateID, metadata, onRead } = options;

  async function load<State, Command, Event extends DomainEvent>(
    { decider, parse }: Aggregate<State, Command, Event>,
    stream: string,
  ): Promise<Loaded<State>> {
    const recorded = await readAggregate(stream, { store, clock, patienceMs: allTriesMs });
    return { state: fold(decider, readable(parse, recorded)), recorded };
  }

  function tryOnce(stream: string, events: readonly EventData[], expectedVersion: ExpectedVersion) {
    const late = () => {
      const ids = events.flatMap(({ id }) => id ?? []);
      return new OutcomeUnknownError(stream, ids, expectedVersion, {
        detail: `no answer for ${oneTryMs} ms`,
      });
    };
    return withinTime({ clock, milliseconds: oneTryMs, late }, () =>
      store.append(stream, events, { expectedVersion }),
    );
  }

  /**
   * Repeats an append of unknown outcome with the same ids and the same exact version: every store recognises it and
   * writes nothing twice (rule E2).
   */
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
        await pause(clock, pauseBetweenTriesMs);
      }
    }
  }

  async function append(
    stream: string,
    instanceID: string,
    recorded: readonly RecordedEvent[],
    decided: readonly DomainEvent[],
  ): Promise<Handled & Pick<Loaded<unknown>, 'recorded'>> {
    const commandID = generateID();
    const events = decided.map(({ type, data }) => ({
      id: generateID(),
      type,
      data: data as JSONObject,
      metadata: { ...metadata(instanceID), commandID, schema: 1 },
    }));
    const last = recorded.at(-1);
    const { position } = await appendUntilKnown(stream, events, last?.version ?? 'no-stream');
    const written = await readBack(stream, last);
    const { position: at = position, created = new Date(clock.now()) } = written.at(-1) ?? {};
    return { recorded: [...recorded, ...written], position: at, changed: created };
  }

  /**
   * The store's events after `last`, with the store's own dates. The append is done: a read that keeps failing must not
   * make it look refused, so the index then learns of it from the subscription.
   */
  async function readBack(stream: string, last: RecordedEvent | undefined): Promise<RecordedEvent[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        const from = last?.version;
        const written = await readAggregate(stream, { store, clock, patienceMs: oneTryMs, from });
        return written.filter(({ version }) => version !== from);
      } catch {
        if (attempt === maxReadsBack) return [];
        await pause(clock, pauseBetweenTriesMs);
      }
    }
  }

  return {
    load,
    async look(aggregate, stream) {
      const { state, recorded } = await load(aggregate, stream);
      await onRead(recorded);
      return state;
    },
    async handle(aggregate, stream, instanceID, decide) {
      for (let decision = 1; ; decision++) {
        const { state, recorded } = await load(aggregate, stream);
        const decided = await decide(state, lastReadable(aggregate.parse, recorded));
        try {
          if (decided.length === 0) {
            await onRead(recorded);
            const { position, created: changed } = recorded.at(-1) ?? {};
            return { position, ...(changed && { changed }) };
          }
          const { recorded: known, ...handled } = await append(stream, instanceID, recorded, decided);
          await onRead(known);
          return handled;
        } catch (error) {
          if (!isActionsError(error, 'CONCURRENCY_CONFLICT') || decision === maxDecisions) throw error;
        }
      }
    },
  };
}
