import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
} from '@grpc/grpc-js';
import type { Writable } from 'node:stream';
import { callStatus, handlerFailed, type CallStatus } from './callStatus.js';
import { GuardedCall, type GuardedMethod } from './guardedCall.js';
import { guardEvents, guardReads, guardWrites, type LastRequest } from './guardStream.js';
import { guardCallback } from './unary.js';

/** Ends a call that the server writes to, with a status. What the handler still writes is dropped. */
function endWith(stream: Writable, status: CallStatus): void {
  stream.write = () => true;
  // How handlers end such a call with an error: gRPC takes the status from it, sends it and cancels the call.
  stream.emit('error', status);
  stream.end = () => stream;
}

/**
 * Runs a handler that may give a promise. Where its call was refused, what it rejects with is no news: reading from it was
 * ended for that.
 */
function start(handler: () => unknown, isRefused: () => boolean): void {
  const result = handler();
  if (result instanceof Promise)
    result.catch((error: unknown) => {
      if (!isRefused()) throw error;
    });
}

export function guardClientStreaming(
  method: GuardedMethod,
  handler: handleClientStreamingCall<unknown, unknown>,
): handleClientStreamingCall<unknown, unknown> {
  return (stream, callback) => {
    let call: GuardedCall;
    try {
      call = new GuardedCall(method, stream);
    } catch (error) {
      callback(callStatus(error));
      return;
    }
    const last: LastRequest = { json: () => null };
    let isRefused = false;
    guardEvents(stream, call);
    guardReads(stream, call, last, method.codecs.request.toJSON, (status) => {
      isRefused = true;
      // gRPC sends it and cancels the call, which ends what the handler waits for.
      callback(status);
    });
    const respond = guardCallback(call, () => last.json(), callback);
    start(
      () =>
        call.run(() =>
          handler(stream, (...answer) => {
            if (!isRefused) respond(...answer);
          }),
        ),
      () => isRefused,
    );
  };
}

export function guardServerStreaming(
  method: GuardedMethod,
  handler: handleServerStreamingCall<unknown, unknown>,
): handleServerStreamingCall<unknown, unknown> {
  return (stream) => {
    let call: GuardedCall;
    try {
      call = new GuardedCall(method, stream);
    } catch (error) {
      stream.emit('error', callStatus(error));
      return;
    }
    const last: LastRequest = { json: () => method.codecs.request.toJSON(stream.request) };
    let isRefused = false;
    const refuse = (status: CallStatus) => {
      isRefused = true;
      endWith(stream, status);
    };
    guardEvents(stream, call);
    guardWrites(stream, call, () => last.json(), refuse);
    const handle = () => {
      start(
        () => call.run(() => handler(stream)),
        () => isRefused,
      );
    };
    const judging = call.judgeRequest(stream.request);
    if (!judging) {
      handle();
      return;
    }
    judging.then(
      ({ message, json }) => {
        stream.request = message;
        last.json = () => json;
        try {
          handle();
        } catch {
          refuse(handlerFailed());
        }
      },
      (error: unknown) => {
        if (!call.isCancelled) refuse(callStatus(error));
      },
    );
  };
}

export function guardBidiStreaming(
  method: GuardedMethod,
  handler: handleBidiStreamingCall<unknown, unknown>,
): handleBidiStreamingCall<unknown, unknown> {
  return (stream) => {
    let call: GuardedCall;
    try {
      call = new GuardedCall(method, stream);
    } catch (error) {
      stream.emit('error', callStatus(error));
      return;
    }
    const last: LastRequest = { json: () => null };
    let isRefused = false;
    const refuse = (status: CallStatus) => {
      isRefused = true;
      endWith(stream, status);
    };
    guardEvents(stream, call);
    guardReads(stream, call, last, method.codecs.request.toJSON, refuse);
    guardWrites(stream, call, () => last.json(), refuse);
    start(
      () => call.run(() => handler(stream)),
      () => isRefused,
    );
  };
}
