import type { handleUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { callStatus, handlerFailed, responseStatus } from './callStatus.js';
import { GuardedCall, type GuardedMethod } from './guardedCall.js';

/** Answers once the response was judged; a handler that failed is not judged. */
export function guardCallback(
  call: GuardedCall,
  request: () => unknown,
  callback: sendUnaryData<unknown>,
): sendUnaryData<unknown> {
  return (error, value, trailer, flags) => {
    if (error) {
      callback(callStatus(error), value, trailer, flags);
      return;
    }
    const judging = call.judgeResponse(value, request);
    if (!judging) {
      callback(null, value, trailer, flags);
      return;
    }
    judging.then(
      ({ message }) => {
        callback(null, message, trailer, flags);
      },
      (failure: unknown) => {
        if (!call.isCancelled) callback(responseStatus(failure));
      },
    );
  };
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
    const judging = call.judgeRequest(unaryCall.request);
    if (!judging) {
      // A response may still match, but its request was not amended.
      const request = () => method.codecs.request.toJSON(unaryCall.request);
      const respond = guardCallback(call, request, callback);
      call.run(() => {
        handler(unaryCall, respond);
      });
      return;
    }
    judging.then(
      ({ message, json }) => {
        unaryCall.request = message;
        const respond = guardCallback(call, () => json, callback);
        try {
          call.run(() => {
            handler(unaryCall, respond);
          });
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
