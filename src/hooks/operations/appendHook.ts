import type { AmendedContent, Content } from '../../firing/calls/operation.js';
import type { Budgets } from '../../firing/pacing/budget.js';
import type { Fire } from '../../firing/pacing/fireOperation.js';
import type { Clock, EventData, EventStore, ExpectedVersion, JSONObject } from '../../ports.js';
import { eventRoute } from '../../execution/eventRoute.js';
import type { Match } from '../../execution/resolve.js';
import type { Router } from '../../routing/router.js';
import { reading } from '../../lib/reading/reading.js';
import { isHookedStream } from '../context/hookedStream.js';
import type { Admit, OperationCaller } from './admission.js';
import type { ContentSchemas } from './contentSchema.js';
import { eventOperation } from './eventOperation.js';
import { judgeStanding } from './standing.js';

/** The facts of an append that calls targets. */
export interface AppendContext {
  readonly stream: string;
  readonly expectedVersion: ExpectedVersion;
  readonly signal?: AbortSignal | undefined;
  /** Whether the first event of a new stream has the version `firstVersion`. */
  readonly local?: boolean | undefined;
  /** The version of a stream's first event, where versions increase by one. */
  readonly firstVersion?: bigint | undefined;
  /** Given where a stale append is refused before any target is called. */
  readonly readStream?: EventStore['readStream'] | undefined;
}

/** An event in the form that its targets are sent. It shares no object with the caller. */
export interface JudgedEvent {
  /** @defaultValue a drawn id, which only names the call */
  readonly id?: string | undefined;
  readonly type: string;
  /** JSON of the data, or the bytes of an event that is not JSON. */
  readonly data: Content | Uint8Array;
}

/** The difference between an event as the caller gave it and as it is appended. */
export interface EventApproval {
  /** The data that the targets returned. */
  readonly amended?: AmendedContent | undefined;
  /** Additional metadata for the deliveries of the event. */
  readonly noted?: JSONObject | undefined;
}

/** By index in the append; `undefined` for an event that is appended unchanged. */
export type Approvals = readonly (EventApproval | undefined)[];

/** An append with targets to call. */
export interface PendingAppend {
  /** Whether a target may be called for the event at this index: only then its data are written as JSON. */
  mayCall(place: number): boolean;
  /**
   * Calls the targets of every event, in order. Resolves once all events may be appended; otherwise rejects, and none
   * may.
   */
  fire(events: readonly JudgedEvent[], context: AppendContext): Promise<Approvals>;
}

/** Events for one stream, of an append to several streams that stores all events or none. */
interface AppendPart {
  readonly stream: string;
  readonly events: readonly Pick<EventData, 'type'>[];
}

/** A part, with its events in the form that their targets are sent. */
interface JudgedPart {
  readonly events: readonly JudgedEvent[];
  readonly context: AppendContext;
}

/** An append to several streams that has targets to call. */
export interface PendingParts {
  /**
   * Calls the targets of every event, part by part, on one budget. Resolves once all events of all parts may be appended;
   * otherwise rejects, and none may.
   */
  fire(parts: readonly JudgedPart[]): Promise<readonly Approvals[]>;
}

/** The hook before an append. Without a matching target it costs one look-up an event and nothing else. */
export interface AppendHook {
  /**
   * `undefined` where no target is called: append the events unchanged. Else encode the events and call `fire` before
   * the first wait, so that the appended events are the judged ones (rule S1).
   */
  pending(stream: string, events: readonly Pick<EventData, 'type'>[]): PendingAppend | undefined;
  /** The same for one append to several streams. */
  pendingTogether(parts: readonly AppendPart[]): PendingParts | undefined;
}

interface AppendHookOptions {
  readonly admit: Admit;
  readonly router: Router;
  readonly fire: Fire;
  readonly clock: Clock;
  readonly generateID: () => string;
  readonly eventName: (event: EventData, stream: string) => string;
  /** By event name. */
  readonly schemas: ContentSchemas;
  readonly isClosed: () => boolean;
}

/** Names events for conditions, and finds their targets. */
interface NamedMatch {
  readonly name: string;
  /** Targets that are called before the append; `undefined` where only durable targets matched. */
  readonly match: Match | undefined;
  /** Noted in the metadata for the event's deliveries; `undefined` where the depth is 0 or the event has no delivery. */
  readonly noted: JSONObject | undefined;
}

/** By index in the append. */
type Matches = readonly (NamedMatch | undefined)[];

/** An admitted append, with everything that its calls need. */
interface MatchedAppend {
  readonly events: readonly JudgedEvent[];
  readonly context: AppendContext;
  readonly matches: Matches;
  readonly who: OperationCaller;
  readonly budgets: Budgets;
}

/** The `sequence` that targets are sent. No other place adds to a version. */
function sequenceOf(
  { expectedVersion, local, firstVersion }: AppendContext,
  place: number,
): bigint | undefined {
  if (firstVersion === undefined) return undefined;
  if (typeof expectedVersion === 'bigint') return expectedVersion + 1n + BigInt(place);
  return expectedVersion === 'no-stream' && local ? firstVersion + BigInt(place) : undefined;
}

async function isWritten(events: readonly JudgedEvent[], context: AppendContext): Promise<boolean> {
  const { readStream, stream, expectedVersion, firstVersion, signal } = context;
  if (!readStream || (typeof expectedVersion !== 'bigint' && expectedVersion !== 'no-stream')) return false;
  const eventIDs = events.map(({ id }) => id);
  const standing = { readStream, stream, expectedVersion, firstVersion, eventIDs, signal };
  return (await judgeStanding(standing)) === 'already-written';
}

/** The names of `count` events. The caller may change the events: `keep` reads all names, before the first wait. */
function createNames(count: number, nameAt: (place: number) => string | undefined) {
  let kept: readonly (string | undefined)[] | undefined;
  return {
    at: (place: number) => (kept ? kept[place] : nameAt(place)),
    keep() {
      kept ??= Array.from({ length: count }, (_, place) => nameAt(place));
    },
  };
}

export function createAppendHook(options: AppendHookOptions): AppendHook {
  const { admit, router, fire, clock, generateID, eventName, schemas, isClosed } = options;

  function nameOf(event: Partial<EventData> | undefined, stream: string): string | undefined {
    // The store refuses an event without a type.
    const type: unknown = reading('an event', () => event?.type);
    return typeof type === 'string' ? eventName(event as EventData, stream) : undefined;
  }

  /** An append with durable targets only does not wait: they are called after it, for the stored events. */
  function matchOf({ instanceID, depth }: OperationCaller, name: string): NamedMatch | undefined {
    const found = router.route(instanceID, 'event', name);
    if (!found) return undefined;
    const { inline, durable } = eventRoute(found);
    const noted = durable.length > 0 && depth > 0 ? { actionsDepth: depth } : undefined;
    return inline || noted ? { name, match: inline, noted } : undefined;
  }

  function matchesOf(
    who: OperationCaller,
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

  async function fireAll({ events, context, matches, who, budgets }: MatchedAppend): Promise<Approvals> {
    const isCalled = matches.some((matched) => matched?.match !== undefined);
    if (isCalled && (await isWritten(events, context))) return [];
    const { stream, signal } = context;
    const createdAt = clock.now();
    const approvals: (EventApproval | undefined)[] = [];
    for (const [place, { id, type, data }] of events.entries()) {
      const matched = matches[place];
      if (!matched) continue;
      const { name, match, noted } = matched;
      if (!match) {
        approvals[place] = { noted };
        continue;
      }
      const eventID = id ?? generateID();
      const sequence = sequenceOf(context, place);
      const phase = 'before-append';
      const parts = eventOperation({
        name,
        who,
        data,
        schemas,
        stream,
        eventID,
        type,
        sequence,
        createdAt,
        phase,
      });
      const { instanceID, depth } = who;
      const amended = await fire({ instanceID, depth, match, signal, stream, ...parts }, budgets);
      // Targets cannot amend bytes, only watch or refuse them.
      approvals[place] = { noted, amended: data instanceof Uint8Array ? undefined : amended };
    }
    signal?.throwIfAborted();
    return approvals;
  }

  /** By part; `undefined` for a part whose stream calls no target. */
  function matchesOfParts(
    who: OperationCaller,
    parts: readonly AppendPart[],
    names: readonly ReturnType<typeof createNames>[],
  ): readonly (Matches | undefined)[] | undefined {
    const found = parts.map(({ stream, events }, part) =>
      isHookedStream(stream) ? matchesOf(who, events.length, (place) => names[part]?.at(place)) : undefined,
    );
    return found.some((matches) => matches !== undefined) ? found : undefined;
  }

  return {
    pendingTogether(parts) {
      const hooked = parts.filter(({ stream }) => isHookedStream(stream));
      if (hooked.length === 0 || (hooked.every(({ events }) => events.length === 0) && !isClosed()))
        return undefined;
      const names = parts.map(({ stream, events }) =>
        createNames(events.length, (place) => nameOf(events[place], stream)),
      );
      const admitted = admit((who) => matchesOfParts(who, parts, names));
      if (!admitted) return undefined;
      const { found, who, run } = admitted;
      return {
        async fire(judged) {
          if (!found) for (const each of names) each.keep();
          const approvals = await run(async (matched, budgets) => {
            const approved: Approvals[] = [];
            for (const [part, { events, context }] of judged.entries()) {
              const matches = matched[part];
              approved.push(matches ? await fireAll({ events, context, matches, who, budgets }) : []);
            }
            return approved;
          });
          return approvals ?? judged.map(() => []);
        },
      };
    },
    pending(stream, events) {
      if (typeof stream !== 'string' || !isHookedStream(stream)) return undefined;
      // An empty append calls no target; the store refuses a value that is no array.
      const count = (Array.isArray as (value: unknown) => boolean)(events) ? events.length : 0;
      if (count === 0 && !isClosed()) return undefined;
      const names = createNames(count, (place) => nameOf(events[place], stream));
      const admitted = admit((who) => matchesOf(who, count, names.at));
      if (!admitted) return undefined;
      const { found, who, run } = admitted;
      return {
        mayCall: (place) => !found || found[place]?.match !== undefined,
        async fire(judged, context) {
          if (!found) names.keep();
          const fireMatches = (matches: Matches, budgets: Budgets) =>
            fireAll({ events: judged, context, matches, who, budgets });
          return (await run(fireMatches, context.signal)) ?? [];
        },
      };
    },
  };
}
