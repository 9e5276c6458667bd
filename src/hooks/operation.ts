import { ActionsClosedError, InvalidArgumentError } from '../errors.js';
import type { OccurrenceKind } from '../execution/condition.js';
import { createBudgets, type Budgets } from '../firing/pacing/budget.js';
import type { Fire } from '../firing/pacing/fireOperation.js';
import type { Content, Operation } from '../firing/calls/operation.js';
import type { PayloadCaller } from '../firing/calls/payload.js';
import type { Limits } from '../limits.js';
import type { Match } from '../execution/resolve.js';
import type { Router } from '../routing/router.js';
import type { CallerContext } from './caller.js';
import type { Readiness } from './readiness.js';

/** Who an operation is done for; the instance is always known. */
export type OperationCaller = CallerContext & PayloadCaller;

/** What firing needs that is the same for requests, responses and functions. */
export interface OperationOptions {
  readonly router: Router;
  readonly readiness: Readiness;
  readonly fire: Fire;
  readonly limits: Limits;
  readonly generateID: () => string;
  readonly caller: () => OperationCaller;
  readonly isClosed: () => boolean;
}

/** What one kind of operation adds to what is the same for all. */
export type OperationDetails = Omit<
  Operation,
  'kind' | 'condition' | 'instanceID' | 'operationID' | 'match' | 'depth' | 'signal'
> & {
  /** Place of a message in its stream, from 0. @defaultValue 0 */
  readonly place?: number | undefined;
};

/** An operation that somebody is to be called for. */
export interface PendingOperation {
  /** The content at the end; `undefined` where nobody was called or nobody amended it. */
  fire(
    details: (who: OperationCaller) => OperationDetails,
    signal?: AbortSignal,
  ): Promise<Content | undefined>;
}

const closed: PendingOperation = { fire: () => Promise.reject(new ActionsClosedError()) };

/** @throws {@link InvalidArgumentError} for what has no JSON */
export function contentOf(value: unknown, what: string): Content {
  let json: unknown;
  let cause: unknown;
  try {
    json = JSON.stringify(value ?? null);
  } catch (error) {
    cause = error;
  }
  if (typeof json === 'string') return { value: value ?? null, json } as Content;
  throw new InvalidArgumentError(`${what} cannot be written as JSON; nothing was called`, { cause });
}

/**
 * Asks whether anybody is to be called, with one look-up and without waiting: `undefined` where nobody is. `name` as the
 * candidates of its kind expect it.
 */
export type FindPending = (
  kind: OccurrenceKind,
  name: string,
  who?: OperationCaller,
) => PendingOperation | undefined;

export function createFindPending(options: OperationOptions): FindPending {
  const { router, readiness, fire, limits, generateID, caller, isClosed } = options;

  /** Every message of a stream is an operation of its own, the same in every attempt. */
  const operationID = (requestID: string | undefined, place = 0): string => {
    if (requestID === undefined) return generateID();
    return place === 0 ? requestID : `${requestID}/${place}`;
  };

  async function fireMatch(
    kind: OccurrenceKind,
    name: string,
    match: Match,
    who: OperationCaller,
    budgets: Budgets,
    details: (who: OperationCaller) => OperationDetails,
    signal: AbortSignal | undefined,
  ): Promise<Content | undefined> {
    const { place, ...operation } = details(who);
    const content = await fire(
      {
        ...operation,
        kind,
        condition: kind === 'request' || kind === 'response' ? `${kind}${name}` : `${kind}/${name}`,
        instanceID: who.instanceID,
        operationID: operationID(who.requestID, place),
        match,
        depth: who.depth,
        signal,
      },
      budgets,
    );
    signal?.throwIfAborted();
    return content === operation.content ? undefined : content;
  }

  return (kind, name, who = caller()) => {
    if (isClosed()) return closed;
    if (!readiness.isReady)
      return {
        async fire(details, signal) {
          const budgets = createBudgets(limits.budgetMs);
          await readiness.wait(budgets, signal);
          const match = router.route(who.instanceID, kind, name);
          return match && fireMatch(kind, name, match, who, budgets, details, signal);
        },
      };
    const match = router.route(who.instanceID, kind, name);
    return (
      match && {
        fire: async (details, signal) =>
          fireMatch(kind, name, match, who, createBudgets(limits.budgetMs), details, signal),
      }
    );
  };
}
