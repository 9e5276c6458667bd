import { AsyncResource } from 'node:async_hooks';

import { CallFailedError } from '../../errors.js';
import type { Clock } from '../../ports.js';
import { createBatch } from './batch.js';
import { createDialler } from './dialler.js';
import type { Endpoint } from '../../network/endpoint.js';
import { exchange } from './exchange.js';
import type { ExchangeOutcome } from './exchange.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import type { NetworkPolicy } from '../../network/networkPolicy.js';
import { isRefusal } from '../../network/networkRules.js';
import type { NetworkRules } from '../../network/networkRules.js';
import type { Proxy } from './proxy.js';
import { createSocketPool } from './socketPool.js';
import type { Dial, SocketPool } from './socketPool.js';
import type { SecureContextSource } from './secureContext.js';

/** What goes out, wherever it came from: the last word on it is the dispatcher's. */
export interface Dispatch {
  readonly url: string;
  readonly instanceID: string;
  readonly body: string;
  /** Names and values in turn, made when the call has its turn; without those that frame the message. */
  headers(): string[];
  readonly answerBytes: number;
}

export type DispatchOutcome = Exclude<ExchangeOutcome, { readonly kind: 'stale' }>;

/** Judges a call, waits for a socket's turn, dials what was judged, and sends. */
export interface Dispatcher {
  /** Calls `done` once; the returned function gives up. */
  send(dispatch: Dispatch, done: (outcome: DispatchOutcome) => void): () => void;
  close(): void;
}

export interface DispatcherOptions {
  readonly policy: NetworkPolicy;
  readonly clock: Clock;
  readonly proxy: Proxy | undefined;
  readonly secureContext: SecureContextSource;
  readonly socketsPerHost: number;
}

/** Policies whose sockets are kept; beyond it those of the oldest are closed. */
const maxPools = 256;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { policy, clock, proxy, secureContext, socketsPerHost } = options;
  const dialler = createDialler(clock, proxy);
  const later = createBatch();
  let pools = new Map<NetworkRules, SocketPool>();
  let isClosed = false;
  /** Calls that were not answered yet. */
  let running = 0;

  const forgetPolicy = policy.onChange(() => {
    for (const pool of pools.values()) pool.retire();
    pools = new Map();
  });

  function poolOf(rules: NetworkRules): SocketPool {
    const known = pools.get(rules);
    if (known !== undefined) return known;
    const pool = createSocketPool(socketsPerHost, secureContext);
    pools.set(rules, pool);
    for (const [oldest, its] of pools) {
      if (pools.size <= maxPools) break;
      its.retire();
      pools.delete(oldest);
    }
    return pool;
  }

  /** One call that has its turn. It may try twice: see {@link exchange} for when a socket counts as stale. */
  function start(dispatch: Dispatch, done: (outcome: DispatchOutcome) => void): () => void {
    let headers: readonly string[] | undefined;
    let isOver = false;
    let giveUp: () => void = () => undefined;

    function finish(outcome: DispatchOutcome): void {
      if (isOver) return;
      isOver = true;
      done(outcome);
    }

    function go(pool: SocketPool, endpoint: Endpoint, dial: Dial | undefined, isRetry: boolean): void {
      // Closed while it was resolved or tunnelled: nothing is dialled any more.
      if (isClosed) finish(closedBefore(endpoint));
      if (isOver) {
        dial?.opened?.destroy();
        return;
      }
      try {
        headers ??= framed(dispatch.headers(), endpoint, dispatch.body, proxy);
        giveUp = exchange(
          {
            endpoint,
            agent: pool.agentOf(endpoint.scheme),
            poolKey: endpoint.origin,
            dial,
            requestTarget:
              proxy !== undefined && endpoint.scheme === 'http'
                ? `http://${endpoint.authority}${endpoint.path}`
                : endpoint.path,
            headers,
            body: dispatch.body,
            answerBytes: dispatch.answerBytes,
          },
          (outcome) => {
            if (outcome.kind !== 'stale') finish(outcome);
            else if (isRetry) finish({ kind: 'failed', error: outcome.error });
            else attempt(true);
          },
        );
      } catch (error) {
        finish(
          error instanceof CallFailedError
            ? { kind: 'failed', error }
            : failure('network', `${endpoint.origin} could not be called (${errorCodeOf(error)})`),
        );
      }
      // A socket became idle meanwhile.
      dial?.opened?.destroy();
    }

    function attempt(isRetry: boolean): void {
      if (isOver) return;
      // Judged again: the policy may have changed while the call waited.
      const rules = policy.rulesOf(dispatch.instanceID);
      const endpoint = rules.judgeEndpoint(dispatch.url);
      if (isRefusal(endpoint)) {
        finish(failure('address-refused', endpoint.message, endpoint.refused));
        return;
      }
      if (isClosed) {
        finish(closedBefore(endpoint));
        return;
      }
      const pool = poolOf(rules);
      if (isRetry) pool.closeIdle(endpoint.scheme, endpoint.origin);
      if (pool.hasIdle(endpoint.scheme, endpoint.origin)) {
        go(pool, endpoint, undefined, isRetry);
        return;
      }
      const isCurrent = () => policy.rulesOf(dispatch.instanceID) === rules;
      const stopPreparing = dialler.prepare(rules, isCurrent, endpoint, (dial) => {
        if (dial instanceof CallFailedError) finish({ kind: 'failed', error: dial });
        else if (dial === 'outdated') attempt(isRetry);
        else if (isOver || isCurrent()) go(pool, endpoint, dial, isRetry);
        else {
          dial.opened?.destroy();
          attempt(isRetry);
        }
      });
      if (stopPreparing !== undefined) giveUp = stopPreparing;
    }

    attempt(false);
    return () => {
      isOver = true;
      giveUp();
    };
  }

  return {
    send(dispatch, done) {
      const rules = policy.rulesOf(dispatch.instanceID);
      const judged = rules.judgeEndpoint(dispatch.url);
      if (isRefusal(judged)) {
        done(failure('address-refused', judged.message, judged.refused));
        return () => undefined;
      }
      const slots = poolOf(rules).slotsOf(judged.origin);
      let giveUp: (() => void) | undefined;
      let isOver = false;
      const leave = (): boolean => {
        if (isOver) return false;
        isOver = true;
        running -= 1;
        return true;
      };
      const begin = () => {
        if (isOver) return;
        giveUp = start(dispatch, (outcome) => {
          if (!leave()) return;
          slots.release();
          done(outcome);
        });
      };
      const isAlone = running === 0;
      // In a batch, with the spans and stores of the caller and not of whoever opened it.
      const context = isAlone ? undefined : new AsyncResource('TargetCall');
      running += 1;
      const leaveQueue = slots.take(() => {
        if (context === undefined) begin();
        else
          later(() => {
            context.runInAsyncScope(begin);
          });
      });
      return () => {
        if (!leave()) return;
        // Whoever gives up in the queue has no slot to give back.
        if (!leaveQueue()) slots.release();
        giveUp?.();
      };
    },
    close() {
      isClosed = true;
      forgetPolicy();
      for (const pool of pools.values()) pool.destroy();
      pools = new Map();
    },
  };
}

const closedBefore = ({ origin }: Endpoint): DispatchOutcome =>
  failure('network', `${origin} was not called: the client is closed`);

function failure(reason: CallFailedError['reason'], message: string, rule?: string): DispatchOutcome {
  return { kind: 'failed', error: new CallFailedError(reason, message, rule === undefined ? {} : { rule }) };
}

/** What frames the message comes first, and from nobody else. */
function framed(
  headers: string[],
  endpoint: Endpoint,
  body: string,
  proxy: Proxy | undefined,
): readonly string[] {
  headers.unshift(
    'host',
    endpoint.authority,
    'content-length',
    String(Buffer.byteLength(body)),
    'accept-encoding',
    'identity',
  );
  if (proxy?.authorization !== undefined && endpoint.scheme === 'http')
    headers.push('proxy-authorization', proxy.authorization);
  return headers;
}
