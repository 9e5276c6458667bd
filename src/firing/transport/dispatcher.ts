import { AsyncResource } from 'node:async_hooks';

import { CallFailedError } from '../../errors.js';
import type { Clock } from '../../ports.js';
import { createBatch } from './batch.js';
import { createDialler, isFinding } from './dialler.js';
import type { Finding, Way } from './dialler.js';
import { isRefusal } from '../../network/endpoint.js';
import type { Endpoint, Refusal } from '../../network/endpoint.js';
import { exchange } from './exchange.js';
import type { ExchangeOrder, ExchangeOutcome } from './exchange.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import type { NetworkPolicy } from '../../network/networkPolicy.js';
import { framedHeaders } from './outgoingRequest.js';
import { createPools } from './pools.js';
import type { Proxy } from './proxy.js';
import type { Dial, SocketPool } from './socketPool.js';
import type { SecureContextSource } from './secureContext.js';

/** A request, from the direct path or from axios: the dispatcher checks it either way. */
export interface Dispatch {
  readonly endpoint: Endpoint | Refusal;
  readonly instanceID: string;
  readonly body: string;
  /** Names and values in turn, made when the call is written; without the headers of the message frame. */
  headers(): string[];
  readonly answerBytes: number;
  readonly ignoresAnswer: boolean;
  /** Throws where the request must no longer be sent. */
  readonly assertMaySend: (() => void) | undefined;
}

type DispatchOutcome = Exclude<ExchangeOutcome, { readonly kind: 'stale' }>;

/** Judges the endpoint of a call, dials the judged address, and sends. */
export interface Dispatcher {
  /** Calls `done` once; the returned function gives up, and tells whether the target was contacted. */
  send(dispatch: Dispatch, done: (outcome: DispatchOutcome) => void): () => boolean;
  close(): void;
}

interface DispatcherOptions {
  readonly policy: NetworkPolicy;
  readonly clock: Clock;
  readonly proxy: Proxy | undefined;
  readonly secureContext: SecureContextSource;
  readonly socketsPerHost: number;
}

/** A call under way. It may try twice: see {@link exchange} for when a socket counts as stale. */
interface Sending {
  readonly dispatch: Dispatch;
  readonly done: (outcome: DispatchOutcome) => void;
  headers: readonly string[] | undefined;
  isRetry: boolean;
  isOver: boolean;
  /** Whether the target was contacted: resolved, dialled, or sent to. */
  isTried: boolean;
  giveUp: (() => void) | undefined;
}

/** The destination of a call, by the current rules. */
interface Route {
  readonly endpoint: Endpoint;
  readonly pool: SocketPool;
  /** Whether the rules are still current. */
  isCurrent(): boolean;
  /** How to open a new socket; `undefined` where an open socket is idle. */
  readonly dial: Way | Finding | undefined;
}

/** The same destination once its route is found. */
interface Ready extends Omit<Route, 'dial'> {
  readonly way: Way | undefined;
}

function orderOf(
  { body, answerBytes, ignoresAnswer, assertMaySend }: Dispatch,
  {
    endpoint,
    pool,
    dial,
  }: { readonly endpoint: Endpoint; readonly pool: SocketPool; readonly dial?: Dial | undefined },
  headers: readonly string[],
  proxy: Proxy | undefined,
): ExchangeOrder {
  return {
    endpoint,
    agent: pool.agentOf(endpoint.scheme),
    poolKey: endpoint.origin,
    dial,
    requestTarget:
      proxy !== undefined && endpoint.scheme === 'http'
        ? `http://${endpoint.authority}${endpoint.path}`
        : endpoint.path,
    headers,
    body,
    answerBytes,
    ignoresAnswer,
    assertMaySend,
  };
}

const newSending = (dispatch: Dispatch, done: Sending['done']): Sending => ({
  dispatch,
  done,
  headers: undefined,
  isRetry: false,
  isOver: false,
  isTried: false,
  giveUp: undefined,
});

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { policy, clock, proxy, secureContext, socketsPerHost } = options;
  const dialler = createDialler(clock, proxy);
  const pools = createPools(policy, socketsPerHost, secureContext);
  const later = createBatch();
  let isClosed = false;
  /** Calls that were not answered yet. */
  let running = 0;

  function end(sending: Sending): boolean {
    if (sending.isOver) return false;
    sending.isOver = true;
    running -= 1;
    return true;
  }

  function finish(sending: Sending, outcome: DispatchOutcome): void {
    if (end(sending)) sending.done(outcome);
  }

  /** Judged for each try: the policy may have changed while the call waited. */
  function route(sending: Sending): Route | CallFailedError {
    const { endpoint, instanceID } = sending.dispatch;
    if (isRefusal(endpoint)) return refused(endpoint);
    const rules = policy.rulesOf(instanceID);
    const refusal = rules.judge(endpoint);
    if (refusal !== undefined) return refused(refusal);
    if (isClosed) return closedBefore(endpoint);
    const pool = pools.of(rules);
    const isCurrent = () => policy.rulesOf(instanceID) === rules;
    if (sending.isRetry) pool.closeIdle(endpoint.scheme, endpoint.origin);
    if (pool.hasIdle(endpoint.scheme, endpoint.origin)) return { endpoint, pool, isCurrent, dial: undefined };
    const tried = () => {
      sending.isTried = true;
    };
    const dial = dialler.wayTo({ rules, endpoint, instanceID, isCurrent, tried });
    return { endpoint, pool, isCurrent, dial };
  }

  /** Finds the route, at once where possible; `undefined` where the call continues later, or has ended. */
  function find(sending: Sending): Ready | undefined {
    if (sending.isOver) return undefined;
    let found: Route | CallFailedError;
    try {
      found = route(sending);
    } catch {
      found = policyThrew();
    }
    if (found instanceof CallFailedError) {
      finish(sending, { kind: 'failed', error: found });
      return undefined;
    }
    const { endpoint, pool, isCurrent, dial } = found;
    if (dial === undefined || !isFinding(dial)) return { endpoint, pool, isCurrent, way: dial };
    sending.giveUp = dial.giveUp;
    const sent = dial.way.then((way) => {
      go(sending, { endpoint, pool, isCurrent, way });
    });
    sent.catch((error: unknown) => {
      finish(sending, { kind: 'failed', error: unexpected(endpoint, error) });
    });
    return undefined;
  }

  function attempt(sending: Sending): void {
    const ready = find(sending);
    if (ready !== undefined) go(sending, ready);
  }

  function go(sending: Sending, { endpoint, pool, isCurrent, way }: Ready): void {
    if (way instanceof CallFailedError) {
      finish(sending, { kind: 'failed', error: way });
      return;
    }
    const dial = way === 'outdated' ? undefined : way;
    // The client was closed while the name was resolved or the tunnel was opened: dial nothing.
    if (isClosed) finish(sending, { kind: 'failed', error: closedBefore(endpoint) });
    if (sending.isOver || way === 'outdated' || !isCurrent()) {
      dial?.opened?.destroy();
      attempt(sending);
      return;
    }
    sending.isTried = true;
    try {
      const { dispatch } = sending;
      sending.headers ??= framedHeaders(dispatch.headers(), endpoint, dispatch.body, proxy);
      sending.giveUp = exchange(
        orderOf(dispatch, { endpoint, pool, dial }, sending.headers, proxy),
        (outcome) => {
          if (outcome.kind !== 'stale') finish(sending, outcome);
          else if (sending.isRetry) finish(sending, { kind: 'failed', error: outcome.error });
          else {
            sending.isRetry = true;
            attempt(sending);
          }
        },
      );
    } catch (error) {
      finish(sending, { kind: 'failed', error: unexpected(endpoint, error) });
    }
    // A socket became idle meanwhile.
    dial?.opened?.destroy();
  }

  return {
    send(dispatch, done) {
      const sending = newSending(dispatch, done);
      running += 1;
      if (running === 1) {
        const ready = find(sending);
        if (ready !== undefined) go(sending, ready);
      } else {
        // Run in the caller's async context, not in that of the call which opened the batch.
        const context = new AsyncResource('TargetCall');
        later(() => {
          context.runInAsyncScope(attempt, undefined, sending);
        });
      }
      return () => {
        if (end(sending)) sending.giveUp?.();
        return sending.isTried;
      };
    },
    close() {
      isClosed = true;
      dialler.close();
      pools.close();
    },
  };
}

const refused = ({ refused: rule, message }: Refusal) =>
  new CallFailedError('address-refused', message, { rule });

/** The user's function that gives the policy of an instance has thrown. */
const policyThrew = () =>
  new CallFailedError(
    'network',
    'the function that gives the network policy of the instance threw; nothing was sent',
    {
      untried: true,
    },
  );

const closedBefore = ({ origin }: Endpoint) =>
  new CallFailedError('network', `${origin} was not called: the client is closed`, { untried: true });

const unexpected = ({ origin }: Endpoint, error: unknown) =>
  error instanceof CallFailedError
    ? error
    : new CallFailedError('network', `${origin} could not be called (${errorCodeOf(error)})`);
