import { depthOf } from '../lib/reading/depthHeader.js';
import { requireFunctions } from '../lib/reading/reading.js';
import { callerContext, type Caller } from '../hooks/context/caller.js';
import { hooksOf, type InterceptingActions } from '../hooks/hookOf.js';
import type { OperationCaller } from '../hooks/operations/admission.js';
import type { PendingMessage } from '../hooks/request.js';

/** The return value of `createActions`. */
export type EdgeActions = InterceptingActions;

/** The entry of calls from outside: it sets the context of their caller. */
export interface Edge {
  /**
   * Makes the context of a call from the surrounding caller, the given fields and the depth of the call.
   *
   * @throws {@link InvalidArgumentError} for a malformed id or depth
   */
  enter(method: string, caller: Caller | undefined, depthHeader: string | undefined): OperationCaller;
  /** The calls of the targets of a request or a response; `undefined` where no target matches. */
  pending(kind: 'request' | 'response', method: string, context: OperationCaller): PendingMessage | undefined;
  /** The caller's headers for targets; absent where `forwardHeaders` names none. */
  shownHeaders(
    read: (name: string) => string | readonly string[] | undefined,
  ): (() => Readonly<Record<string, readonly string[]>> | undefined) | undefined;
}

/**
 * Services that manage targets and executions call no target: a target that vetoes every request would also refuse the call
 * that removes it.
 */
const exemptServices = ['/zitadel.action.v2.ActionService/', '/zitadel.action.v2beta.ActionService/'];
const isExempt = (method: string): boolean => exemptServices.some((service) => method.startsWith(service));

/** @throws {@link InvalidArgumentError} for anything that `createActions` did not make */
export function edgeOf(actions: EdgeActions): Edge {
  const { messages, forwardHeaders, defaultInstanceID } = hooksOf(actions);

  return {
    enter(fullMethod, caller, depthHeader) {
      const depth = depthHeader === undefined ? undefined : depthOf(depthHeader, '; nothing was called');
      const arrival = { fullMethod, depth, instanceID: defaultInstanceID };
      return callerContext(caller ?? {}, arrival) as OperationCaller;
    },
    pending: (kind, method, context) =>
      isExempt(method) ? undefined : messages.pending(kind, method, context),
    shownHeaders: (read) => {
      if (forwardHeaders.length === 0) return undefined;
      return () => {
        const shown: Record<string, readonly string[]> = {};
        for (const name of forwardHeaders) {
          const value = read(name);
          if (value !== undefined) shown[name] = typeof value === 'string' ? [value] : value;
        }
        return Object.keys(shown).length === 0 ? undefined : shown;
      };
    },
  };
}

/** A registry of `createRegistry` of @bufbuild/protobuf, or `undefined`. @throws {@link InvalidArgumentError} */
export function requireRegistry(registry: unknown): void {
  if (registry === undefined) return;
  requireFunctions(
    registry,
    ['getMessage', 'getExtension'],
    'registry is what createRegistry of @bufbuild/protobuf made',
  );
}
