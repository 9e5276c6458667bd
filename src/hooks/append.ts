import { ActionsClosedError, InvalidArgumentError } from '../errors.js';
import { createBudgets, type Budgets } from '../firing/pacing/budget.js';
import type { Fire } from '../firing/pacing/fireOperation.js';
import type { Content, Objection } from '../firing/calls/operation.js';
import { eventBody, type PayloadCaller } from '../firing/calls/payload.js';
import type { Limits } from '../limits.js';
import type { Clock, EventData, EventStore, ExpectedVersion, JSONValue } from '../ports.js';
import { proposeAppend, type ProposedAppend } from '../events/proposedAppend.js';
import { eventRoute } from '../execution/eventRoute.js';
import type { Match } from '../execution/resolve.js';
import type { Router } from '../routing/router.js';
import type { CallerContext } from './caller.js';
import { schemaObjection, schemaOf, type ContentSchemas } from './contentSchema.js';
import { approvedEvent, contentOf } from './eventContent.js';
import { isHookedStream } from './hookedStream.js';
import type { Readiness } from './readiness.js';
import { judgeStanding } from './staleAppend.js';

/** What the hook has to know of an append that will call somebody. */
export interface AppendContext {
  readonly expectedVersion: ExpectedVersion;
  readonly signal?: AbortSignal | undefined;
  /** Whether a stream that does not exist starts at `firstVersion`. */
  readonly local?: boolean | undefined;
  /** The version of a stream's first event, where versions count up by one. */
  readonly firstVersion?: bigint | undefined;
  /** Given where a stale append is to be refused before anybody is called. */
  readonly readStream?: EventStore['readStream'] | undefined;
}

/** An append that somebody is to be called for. */
export interface PendingAppend {
  /** Calls the targets of every event, in order. Resolves with what is to be appended, all of it or nothing. */
  fire(events: readonly EventData[], context: AppendContext): Promise<readonly EventData[]>;
}

/** The hook before an append. It costs one look-up an event, and nothing else, where nobody is to be called. */
export interface AppendHook {
  /** `undefined` where nobody is to be called: the append is then handed on untouched. */
  pending(stream: string, events: readonly Pick<EventData, 'type'>[]): PendingAppend | undefined;
}

export interface AppendHookOptions {
  readonly router: Router;
  readonly readiness: Readiness;
  readonly fire: Fire;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly generateID: () => string;
  readonly caller: () => CallerContext & PayloadCaller;
  readonly eventName: (event: EventData, stream: string) => string;
  /** By event name. */
  readonly schemas: ContentSchemas;
  readonly isClosed: () => boolean;
}

/** What an event is called in conditions, and whom to call for it. */
interface NamedMatch {
  readonly name: string;
  /** Who is called before the append; `undefined` where only durable targets matched. */
  readonly match: Match | undefined;
  /** Noted in the metadata for the deliveries of the event; `undefined` where it is 0 or has none. */
  readonly actionsDepth: number | undefined;
}

type Who = CallerContext & PayloadCaller;

/** By place in the append. */
type Matches = readonly (NamedMatch | undefined)[];

const closed: PendingAppend = { fire: () => Promise.reject(new ActionsClosedError()) };

/** Versions are added to only here, for the number that targets are told. */
function sequenceOf(
  { expectedVersion, local, firstVersion }: AppendContext,
  place: number,
): bigint | undefined {
  if (firstVersion === undefined) return undefined;
  if (typeof expectedVersion === 'bigint') return expectedVersion + 1n + BigInt(place);
  return expectedVersion === 'no-stream' && local ? firstVersion + BigInt(place) : undefined;
}

/** Why an answer may not take the place of the content of an event. */
export function objectionTo(content: Content, isBinary: boolean, schemas: ContentSchemas, name: string) {
  const schema = schemaOf(schemas, name);
  return (answer: JSONValue): Objection | undefined => {
    if (!isBinary) return schemaObjection(schema, answer, `event ${name}`);
    if (answer === content.value) return undefined;
    return {
      reason: 'answer-invalid',
      message: 'it amended a binary event, which can only be watched or refused',
    };
  };
}

export function createAppendHook(options: AppendHookOptions): AppendHook {
  const { router, readiness, fire, clock, limits, generateID, caller, eventName, schemas, isClosed } =
    options;

  function nameOf(event: Partial<EventData> | undefined, stream: string): string | undefined {
    // The store will say what is wrong with an event that has no type.
    return typeof event?.type === 'string' ? eventName(event as EventData, stream) : undefined;
  }

  /** Durable targets alone hold nothing up: they are called after the append, for what the store then holds. */
  function matchOf({ instanceID, depth }: Who, name: string): NamedMatch | undefined {
    const found = router.route(instanceID, 'event', name);
    if (!found) return undefined;
    const { inline, durable } = eventRoute(found);
    const actionsDepth = durable.length > 0 && depth > 0 ? depth : undefined;
    return inline || actionsDepth !== undefined ? { name, match: inline, actionsDepth } : undefined;
  }

  function matchesOf(
    who: Who,
    count: number,
    nameAt: (place: number) => string | undefined,
  ): Matches | undefined {
    let matches: (NamedMatch | undefined)[] | undefined;
    for (let place = 0; place < count; place++) {
      const name = nameAt(place);
      const match = name === undefined ? undefined : matchOf(who, name);
      if (match) (matches ??= new Array<NamedMatch | undefined>(count).fill(undefined))[place] = match;
    }
    return matches;
  }

  async function fireMatched(
    { stream, events, expectedVersion }: ProposedAppend,
    matches: Matches,
    context: AppendContext,
    who: Who,
    budgets: Budgets,
  ): Promise<readonly EventData[]> {
    const { readStream, firstVersion, signal } = context;
    const isCalled = matches.some((matched) => matched?.match !== undefined);
    if (isCalled && readStream && (typeof expectedVersion === 'bigint' || expectedVersion === 'no-stream')) {
      const ids = events.map(({ id }) => id);
      const standing = await judgeStanding(readStream, stream, expectedVersion, firstVersion, ids, signal);
      if (standing === 'already-written') return events.map((event) => approvedEvent(event));
    }
    const createdAt = clock.now();
    const approved: EventData[] = [];
    for (const [place, event] of events.entries()) {
      const matched = matches[place];
      if (!matched?.match) {
        approved.push(approvedEvent(event, undefined, matched?.actionsDepth));
        continue;
      }
      const content = contentOf(event);
      const isBinary = typeof event.data !== 'string';
      const { value } = await fire(
        {
          kind: 'event',
          stream,
          condition: `event/${matched.name}`,
          instanceID: who.instanceID,
          operationID: event.id,
          match: matched.match,
          depth: who.depth,
          content,
          render: eventBody(who, {
            stream,
            eventID: event.id,
            type: event.type,
            sequence: sequenceOf(context, place),
            createdAt,
            isBinary,
            phase: 'before-append',
          }),
          objection: objectionTo(content, isBinary, schemas, matched.name),
          signal,
        },
        budgets,
      );
      approved.push(approvedEvent(event, value, matched.actionsDepth));
    }
    signal?.throwIfAborted();
    return approved;
  }

  const propose = (stream: string, events: readonly EventData[], { expectedVersion }: AppendContext) =>
    proposeAppend(stream, events, { expectedVersion }, generateID);

  async function fireWhenReady(
    stream: string,
    names: readonly (string | undefined)[],
    events: readonly EventData[],
    context: AppendContext,
  ): Promise<readonly EventData[]> {
    const proposed = propose(stream, events, context);
    const budgets = createBudgets(limits.budgetMs);
    const who = caller();
    await readiness.wait(budgets, context.signal);
    const matches = matchesOf(who, names.length, (place) => names[place]);
    if (!matches) return proposed.events.map((event) => approvedEvent(event));
    return fireMatched(proposed, matches, context, who, budgets);
  }

  return {
    pending(stream, events) {
      if (typeof stream !== 'string' || !isHookedStream(stream)) return undefined;
      if (isClosed()) return closed;
      // An empty append calls nobody, and the store will say what is wrong with one that is no array.
      const isList: boolean = Array.isArray(events);
      if (!isList || events.length === 0) return undefined;
      if (!readiness.isReady) {
        const names = events.map((event) => nameOf(event, stream));
        return { fire: (given, context) => fireWhenReady(stream, names, given, context) };
      }
      const matches = matchesOf(caller(), events.length, (place) => nameOf(events[place], stream));
      if (!matches) return undefined;
      return {
        fire: async (given, context) =>
          fireMatched(
            propose(stream, given, context),
            matches,
            context,
            caller(),
            createBudgets(limits.budgetMs),
          ),
      };
    },
  };
}

/** @throws {@link InvalidArgumentError} when the function that names events does not give text */
export function checkedEventName(eventName: (event: EventData, stream: string) => string) {
  return (event: EventData, stream: string): string => {
    const name: unknown = eventName(event, stream);
    if (typeof name === 'string') return name;
    throw new InvalidArgumentError(
      `eventName gave no text for an event of ${JSON.stringify(stream)}; nothing was appended`,
    );
  };
}
