import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  Metadata,
} from '@grpc/grpc-js';
import type { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';
import { callStatus, handlerFailed, type CallStatus } from './callStatus.js';
import { GuardedCall, type GuardedMethod } from './guardedCall.js';
import { guardEvents, guardReads, guardWrites, type StreamGuard } from './guardStream.js';
import { HeldMetadata, noMetadata } from './heldMetadata.js';
import { guardCallback, startHandler } from './unary.js';

/** The members of all streams of gRPC. */
interface ServerStream extends EventEmitter {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  sendMetadata(metadata: Metadata): void;
}

function guardStream(
  call: GuardedCall,
  stream: ServerStream,
  end: (status: CallStatus) => void,
): StreamGuard {
  const held = new HeldMetadata(stream, call);
  const guard: StreamGuard = {
    call,
    held,
    last: () => null,
    isRefused: false,
    refuse(status) {
      guard.isRefused = true;
      held.drop();
      end(status);
    },
  };
  guardEvents(stream, call);
  return guard;
}

/** Ends a server stream with a status. Later writes of the handler are dropped. */
function endWith(stream: Writable & { readonly metadata: Metadata }, status: CallStatus): void {
  stream.write = () => true;
  // End the call by an error, as handlers do: gRPC sends the error's status and cancels the call.
  stream.emit('error', Object.assign(status, { metadata: noMetadata(stream.metadata) }));
  stream.end = () => stream;
}

/** The guard of a stream that answers by writes; `undefined` for a call that was refused at once. */
function openGuard(method: GuardedMethod, stream: ServerStream & Writable): StreamGuard | undefined {
  let call: GuardedCall;
  try {
    call = new GuardedCall(method, stream);
  } catch (error) {
    stream.emit('error', callStatus(error));
    return undefined;
  }
  return guardStream(call, stream, (status) => {
    endWith(stream, status);
  });
}

/** Runs a handler that may return a promise. Ignores its rejection after a refusal, which ended the handler's reads. */
function start(guard: StreamGuard, handler: () => unknown): void {
  const result = startHandler(guard.call, guard.held, handler);
  if (result instanceof Promise)
    result.catch((error: unknown) => {
      if (!guard.isRefused) throw error;
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
    // gRPC sends the status and cancels the call, which ends the handler's reads.
    const guard = guardStream(call, stream, (status) => {
      callback(status);
    });
    guardReads(stream, guard);
    const respond = guardCallback({ call, held: guard.held, request: () => guard.last() }, callback);
    start(guard, () =>
      handler(stream, (...answer) => {
        if (!guard.isRefused) respond(...answer);
      }),
    );
  };
}

export function guardServerStreaming(
  method: GuardedMethod,
  handler: handleServerStreamingCall<unknown, unknown>,
): handleServerStreamingCall<unknown, unknown> {
  return (stream) => {
    const guard = openGuard(method, stream);
    if (!guard) return;
    guard.last = () => method.codecs.request.toJSON(stream.request);
    guardWrites(stream, guard);
    const handle = () => {
      start(guard, () => handler(stream));
    };
    const judging = guard.call.judgeRequest(stream.request);
    if (!judging) {
      handle();
      return;
    }
    judging.then(
      ({ message, json }) => {
        stream.request = message;
        guard.last = json;
        try {
          handle();
        } catch {
          guard.refuse(handlerFailed());
        }
      },
      (error: unknown) => {
        if (!guard.call.isCancelled) guard.refuse(callStatus(error));
      },
    );
  };
}

export function guardBidiStreaming(
  method: GuardedMethod,
  handler: handleBidiStreamingCall<unknown, unknown>,
): handleBidiStreamingCall<unknown, unknown> {
  return (stream) => {
    const guard = openGuard(method, stream);
    if (!guard) return;
    guardReads(stream, guard);
    guardWrites(stream, guard);
    start(guard, () => handler(stream));
  };
}
