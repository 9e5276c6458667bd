import { InvalidArgumentError } from '../../errors.js';
import type { Match } from '../../execution/resolve.js';
import type { EndedCall } from '../../firing/reporting/callFacts.js';
import type { CallReport } from '../../firing/reporting/callReport.js';
import type { CallTarget } from '../../firing/calls/callTarget.js';
import { shownType } from '../../lib/reading/shownValue.js';
import type { Clock, EventData, EventStore, RecordedEvent } from '../../ports.js';
import type { ActiveTarget } from '../../target/target.js';

export interface TargetOfInstance {
  readonly instanceID: string;
  readonly targetID: string;
  readonly target: ActiveTarget;
}

/** The parts of an actions object that durable delivery uses. */
export interface ActionsAccess {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly random: () => number;
  readonly generateID: () => string;
  readonly defaultInstanceID: string;
  readonly socketsPerHost: number;
  /** Makes one traced call, without a circuit breaker and without a queue. */
  readonly callTarget: CallTarget;
  readonly report: (report: CallReport, ended?: EndedCall) => void;
  readonly eventName: (event: EventData, stream: string) => string;
  readonly route: (instanceID: string, eventName: string) => Match | undefined;
  readonly target: (instanceID: string, targetID: string) => ActiveTarget | undefined;
  /** The durable targets of all instances. */
  readonly durableTargets: () => Iterable<TargetOfInstance>;
  /** Changes whenever the index does. */
  readonly generation: () => number;
  /** The position up to which the events of targets and executions are in the index. */
  readonly indexPosition: () => bigint | undefined;
  /** Applies events of targets and executions to the index. It never rejects. */
  readonly applyOwn: (events: Iterable<RecordedEvent>) => Promise<void>;
  readonly whenApplied: (position: bigint, signal: AbortSignal) => Promise<void>;
  readonly ready: () => Promise<void>;
  /** Sets `paused` on a target. */
  readonly pauseTarget: (instanceID: string, targetID: string) => Promise<unknown>;
  /** Calls `stop` before the actions close. The returned function removes `stop`. */
  readonly beforeClose: (stop: () => Promise<void>) => () => void;
  readonly isClosed: () => boolean;
}

const registered = new WeakMap<object, ActionsAccess>();

export function registerAccess(actions: object, access: ActionsAccess): void {
  registered.set(actions, access);
}

/** @throws {@link InvalidArgumentError} for anything that `createActions` did not make */
export function accessOf(actions: object): ActionsAccess {
  const access = registered.get(actions);
  if (access) return access;
  throw new InvalidArgumentError(
    `actions is an object that createActions of this package made, not ${shownType(actions)}: pass that object itself, no ` +
      'copy or wrapper of it; nothing was called or written',
  );
}
