import type { handleUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { emitInContext } from '../inContext.js';
import { callStatus, handlerFailed, responseStatus } from './callStatus.js';
import { GuardedCall, type GuardedMethod } from './guardedCall.js';
import { HeldMetadata } from './heldMetadata.js';

/** The function that answers a call with one message. */
interface Answering {
  readonly call: GuardedCall;
  readonly held: HeldMetadata;
  /** The request as it was processed, in JSON. */
  readonly request: () => unknown;
}

/** Answers after the targets of the response were called. The response of a failed handler calls no target. */
export function guardCallback(
  { call, held, request }: Answering,
  callback: sendUnaryData<unknown>,
): sendUnaryData<unknown> {
  let isJudged = false;
  return (error, value, trailer, flags) => {
    if (error) {
      held.release();
      callback(callStatus(error), value, trailer, flags);
      return;
    }
    // Use the first answer only: a second one would overtake it or be sent after the end.
    if (isJudged) return;
    held.close();
    const judging = call.judgeResponse(value, request);
    if (!judging) {
      held.release();
      callback(null, value, trailer, flags);
      return;
    }
    isJudged = true;
    const sentTrailer = trailer?.clone();
    judging.then(
      ({ message }) => {
        held.release();
        callback(null, message, sentTrailer, flags);
      },
      (failure: unknown) => {
        held.drop();
        if (!call.isCancelled) callback(responseStatus(failure));
      },
    );
  };
}

/** Runs a handler. Where it throws, gRPC ends the call with the metadata sent so far. */
export function startHandler(call: GuardedCall, held: HeldMetadata, handler: () => unknown): unknown {
  try {
    return call.run(handler);
  } catch (error) {
    held.release();
    throw error;
  }
}

export function guardUnary(
  method: GuardedMethod,
  handler: handleUnaryCall<unknown, unknown>,
): handleUnaryCall<unknown, unknown> {
  return (unaryCall, callback) => {
    let call: GuardedCall;
    try {
      call = new GuardedCall(method, unaryCall);
    } catch (error) {
      callback(callStatus(error));
      return;
    }
    emitInContext(unaryCall, call);
    const held = new HeldMetadata(unaryCall, call);
    const handle = (request: () => unknown) => {
      const respond = guardCallback({ call, held, request }, callback);
      startHandler(call, held, () => {
        handler(unaryCall, respond);
      });
    };
    const judging = call.judgeRequest(unaryCall.request);
    if (!judging) {
      // The response may still match a target; the request was not amended.
      handle(() => method.codecs.request.toJSON(unaryCall.request));
      return;
    }
    judging.then(
      ({ message, json }) => {
        unaryCall.request = message;
        try {
          handle(json);
        } catch {
          callback(handlerFailed());
        }
      },
      (error: unknown) => {
        if (!call.isCancelled) callback(callStatus(error));
      },
    );
  };
}
