import { ActionsClosedError, InvalidArgumentError } from '../errors.js';
import { executionStreamPrefix } from '../execution/execution.js';
import { createBudget } from '../firing/budget.js';
import type { Budgets, Content, Fire, Objection } from '../firing/fire.js';
import { eventBody, type PayloadCaller } from '../firing/payload.js';
import type { Limits } from '../limits.js';
import type { Clock, EventData, EventStore, ExpectedVersion, JSONObject, JSONValue } from '../ports.js';
import { proposeAppend, type EncodedEvent, type ProposedAppend } from '../stores/proposedAppend.js';
import type { Match } from '../routing/resolve.js';
import type { Router } from '../routing/router.js';
import { targetStreamPrefix } from '../target/target.js';
import { targetNameStreamPrefix } from '../target/targetName.js';
import type { CallerContext } from './caller.js';
import type { Readiness } from './readiness.js';
import { judgeStanding } from './staleAppend.js';

/** Streams whose appends call nobody: ours, so that no target can lock its operators out, and the store's own (rule E5). */
const bypassed = [targetStreamPrefix, executionStreamPrefix, targetNameStreamPrefix, '$'];

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

/** Judges what a target made of an event; a schema of zod is one. Its own output is not used. */
export interface ContentSchema {
  safeParse(content: unknown): { readonly success: boolean };
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
  readonly schemas: Readonly<Record<string, ContentSchema>>;
  readonly isClosed: () => boolean;
}

type Matches = readonly (Match | undefined)[];

const closed: PendingAppend = { fire: () => Promise.reject(new ActionsClosedError()) };

function contentOf({ data }: EncodedEvent): Content {
  if (typeof data === 'string') return { value: JSON.parse(data) as JSONValue, json: data };
  const base64 = Buffer.from(data).toString('base64');
  return { value: base64, json: JSON.stringify(base64) };
}

function rebuilt({ id, type, data, metadata }: EncodedEvent, content: JSONValue | undefined): EventData {
  const judged = typeof data === 'string' ? (content ?? (JSON.parse(data) as JSONValue)) : data;
  return {
    id,
    type,
    data: judged,
    ...(metadata !== null && { metadata: JSON.parse(metadata) as JSONObject }),
  };
}

/** Versions are added to only here, for the number that targets are told. */
function sequenceOf(
  { expectedVersion, local, firstVersion }: AppendContext,
  place: number,
): bigint | undefined {
  if (firstVersion === undefined) return undefined;
  if (typeof expectedVersion === 'bigint') return expectedVersion + 1n + BigInt(place);
  return expectedVersion === 'no-stream' && local ? firstVersion + BigInt(place) : undefined;
}

export function createAppendHook(options: AppendHookOptions): AppendHook {
  const { router, readiness, fire, clock, limits, generateID, caller, eventName, schemas, isClosed } =
    options;

  function matchesOf(
    instanceID: string,
    stream: string,
    events: readonly Pick<EventData, 'type'>[],
  ): Matches | undefined {
    let matches: (Match | undefined)[] | undefined;
    for (let place = 0; place < events.length; place++) {
      const event = events[place];
      // The store will say what is wrong with an event that has no name.
      const name = event && eventName(event as EventData, stream);
      const match = typeof name === 'string' ? router.route(instanceID, 'event', name) : undefined;
      if (match) (matches ??= new Array<Match | undefined>(events.length).fill(undefined))[place] = match;
    }
    return matches;
  }

  function objectionTo(event: EventData, encoded: EncodedEvent, stream: string) {
    const schema = schemas[eventName(event, stream)];
    return (content: JSONValue): Objection | undefined => {
      if (typeof encoded.data !== 'string')
        return {
          reason: 'answer-invalid',
          message: 'it amended a binary event, which can only be watched or refused',
        };
      if (!schema || schema.safeParse(content).success) return undefined;
      return {
        reason: 'schema',
        message: `what it made of ${encoded.type} does not fit the schema registered for it`,
      };
    };
  }

  async function fireMatched(
    { stream, events: encoded, expectedVersion }: ProposedAppend,
    events: readonly EventData[],
    matches: Matches,
    context: AppendContext,
    who: CallerContext & PayloadCaller,
    budgets: Budgets,
  ): Promise<readonly EventData[]> {
    const { readStream, firstVersion, signal } = context;
    if (readStream && (typeof expectedVersion === 'bigint' || expectedVersion === 'no-stream')) {
      const ids = encoded.map(({ id }) => id);
      const standing = await judgeStanding(readStream, stream, expectedVersion, firstVersion, ids, signal);
      if (standing === 'already-written') return encoded.map((event) => rebuilt(event, undefined));
    }
    const createdAt = clock.now();
    const approved: EventData[] = [];
    for (const [place, event] of encoded.entries()) {
      const match = matches[place];
      if (!match) {
        approved.push(rebuilt(event, undefined));
        continue;
      }
      const original = events[place] as EventData;
      const content = await fire(
        {
          kind: 'event',
          condition: `event/${eventName(original, stream)}`,
          instanceID: who.instanceID,
          operationID: event.id,
          match,
          depth: who.depth,
          content: contentOf(event),
          render: eventBody(who, {
            stream,
            eventID: event.id,
            type: event.type,
            sequence: sequenceOf(context, place),
            createdAt,
            isBinary: typeof event.data !== 'string',
            phase: 'before-append',
          }),
          objection: objectionTo(original, event, stream),
          signal,
        },
        budgets,
      );
      approved.push(rebuilt(event, content.value));
    }
    signal?.throwIfAborted();
    return approved;
  }

  const newBudgets = (): Budgets => ({
    enforced: createBudget(limits.budgetMs),
    observed: createBudget(limits.budgetMs),
  });

  const propose = (stream: string, events: readonly EventData[], { expectedVersion }: AppendContext) =>
    proposeAppend(stream, events, { expectedVersion }, generateID);

  return {
    pending(stream, events) {
      if (typeof stream !== 'string' || bypassed.some((prefix) => stream.startsWith(prefix)))
        return undefined;
      if (isClosed()) return closed;
      if (!readiness.isReady) return { fire: (given, context) => fireWhenReady(stream, given, context) };
      const matches = Array.isArray(events) ? matchesOf(caller().instanceID, stream, events) : undefined;
      if (!matches) return undefined;
      return {
        fire: async (given, context) =>
          fireMatched(propose(stream, given, context), given, matches, context, caller(), newBudgets()),
      };
    },
  };

  async function fireWhenReady(stream: string, events: readonly EventData[], context: AppendContext) {
    const proposed = propose(stream, events, context);
    const budgets = newBudgets();
    const who = caller();
    await readiness.wait(budgets.enforced, context.signal);
    const matches = matchesOf(who.instanceID, stream, events);
    if (!matches) return proposed.events.map((event) => rebuilt(event, undefined));
    return fireMatched(proposed, events, matches, context, who, budgets);
  }
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
