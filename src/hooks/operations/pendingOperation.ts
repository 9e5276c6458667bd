import type { OccurrenceKind } from '../../execution/condition.js';
import type { AmendedContent } from '../../firing/calls/operation.js';
import type { Fire } from '../../firing/pacing/fireOperation.js';
import type { Router } from '../../routing/router.js';
import type { Admit, OperationCaller } from './admission.js';
import type { OperationParts } from './operationParts.js';

/** A request, a response or a function that has targets to call. */
export interface PendingOperation {
  readonly who: OperationCaller;
  /**
   * The id of the request, else a drawn id. Every message of a stream is its own operation, with the same id in every
   * attempt.
   *
   * @param place - index in the stream, from 0
   */
  operationID(place?: number): string;
  /**
   * Calls the targets. Resolves with the content that they returned; with `undefined` where no target is called or no
   * answer was applied.
   */
  fire(parts: OperationParts, signal?: AbortSignal): Promise<AmendedContent | undefined>;
}

/**
 * Looks up once, without waiting; `undefined` where no target is called. `name` has the form that the candidates of its
 * kind have.
 */
export type FindPending = (
  kind: OccurrenceKind,
  name: string,
  who?: OperationCaller,
) => PendingOperation | undefined;

export interface FindPendingOptions {
  readonly admit: Admit;
  readonly router: Router;
  readonly fire: Fire;
  readonly generateID: () => string;
}

export function createFindPending({ admit, router, fire, generateID }: FindPendingOptions): FindPending {
  return (kind, name, caller) => {
    const admitted = admit(({ instanceID }) => router.route(instanceID, kind, name), caller);
    if (!admitted) return undefined;
    const { who, run } = admitted;
    const { instanceID, depth, requestID } = who;
    return {
      who,
      operationID(place = 0) {
        if (requestID === undefined) return generateID();
        return place === 0 ? requestID : `${requestID}/${place}`;
      },
      async fire(parts, signal) {
        const amended = await run(
          (match, budgets) => fire({ instanceID, depth, match, signal, ...parts }, budgets),
          signal,
        );
        signal?.throwIfAborted();
        return amended;
      },
    };
  };
}
