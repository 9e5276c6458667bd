import { eventRoute } from '../../execution/eventRoute.js';
import type { ResolvedTarget } from '../../execution/resolve.js';
import { callerContext, runInContext, type Caller, type SettledCaller } from '../../hooks/context/caller.js';
import type { RecordedEvent } from '../../ports.js';
import type { ActionsAccess } from './actionsAccess.js';

/** The caller that an event was appended for, and its name in conditions. */
export interface NamedEvent {
  readonly caller: SettledCaller;
  readonly name: string;
}

/** Finds the targets of a committed event by the present definitions. */
export interface Naming {
  /** The caller and the name of an event. Throws the errors of the user's `caller` and `eventName`. */
  name(event: RecordedEvent): NamedEvent;
  /** The durable targets that match, each once. */
  match(named: NamedEvent): readonly ResolvedTarget[];
}

/** The reason of a dead letter of an event for which a function of the user threw. */
export const namingFailed = (error: unknown): string =>
  `caller or eventName threw: ${error instanceof Error ? error.name : 'unknown'}`;

export function createNaming(
  access: Pick<ActionsAccess, 'defaultInstanceID' | 'eventName' | 'route'>,
  callerOf: ((event: RecordedEvent) => Caller) | undefined,
): Naming {
  const { defaultInstanceID } = access;
  const noCaller: SettledCaller = { depth: 0, instanceID: defaultInstanceID };

  function callerFor(event: RecordedEvent): SettledCaller {
    if (!callerOf) return noCaller;
    // Leave the worker's async context: its caller has not appended the event.
    const context = runInContext({ depth: 0 }, () => callerContext(callerOf(event)));
    return { ...context, instanceID: context.instanceID ?? defaultInstanceID };
  }

  return {
    name(event) {
      const { stream, id, type, data, metadata } = event;
      return {
        caller: callerFor(event),
        name: access.eventName({ id, type, data, metadata }, stream),
      };
    },
    match({ caller, name }) {
      const found = access.route(caller.instanceID, name);
      return found ? eventRoute(found).durable : [];
    },
  };
}

/** How many endpoints lie between the first operation and the append of this event. */
export function depthOf({ metadata }: RecordedEvent): number {
  const noted = metadata['actionsDepth'];
  // An append to several streams of KurrentDB keeps metadata as text.
  const depth = typeof noted === 'string' && /^\d{1,15}$/.test(noted) ? Number(noted) : noted;
  return typeof depth === 'number' && Number.isSafeInteger(depth) && depth >= 0 ? depth : 0;
}

/** Whether an event is the store's own, or a link to another event: such events are not delivered. */
export const isForeign = ({ stream, type }: RecordedEvent): boolean =>
  stream.startsWith('$') || type.startsWith('$');
