import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { isActionsError } from '../../errors.js';
import { emitInContext } from '../inContext.js';
import { callStatus, responseStatus, type CallStatus } from './callStatus.js';
import type { GuardedCall } from './guardedCall.js';
import type { HeldMetadata } from './heldMetadata.js';

type Done = (error?: Error | null) => void;

/** The members that both guards of a stream share. */
export interface StreamGuard {
  readonly call: GuardedCall;
  readonly held: HeldMetadata;
  /** The JSON of the last message that the handler received. */
  last: () => unknown;
  isRefused: boolean;
  /** Ends the call with a status; later actions of the handler have no effect. */
  readonly refuse: (status: CallStatus) => void;
}

/** Runs listeners in the caller's context. Errors of this library that a handler emits become statuses. */
export function guardEvents(stream: EventEmitter, call: GuardedCall): void {
  emitInContext(stream, call);
  const emit = stream.emit.bind(stream);
  stream.emit = (event: string, ...sent: unknown[]) =>
    event === 'error' && isActionsError(sent[0]) ? emit(event, callStatus(sent[0])) : emit(event, ...sent);
}

/**
 * Calls the targets of each message before the handler can read it. gRPC requests the next message only after this one was
 * pushed, so that order and back-pressure stay the same.
 */
export function guardReads(stream: Readable, guard: StreamGuard): void {
  const { call } = guard;
  const push = stream.push.bind(stream);
  let pending: Promise<void> | undefined;
  let hasEnded = false;

  function hand(message: unknown, json: () => unknown): void {
    guard.last = json;
    push(message);
  }

  function take(message: unknown): Promise<void> | undefined {
    if (hasEnded) return undefined;
    if (message === null) {
      push(null);
      return undefined;
    }
    const judging = call.judgeRequest(message);
    if (!judging) {
      hand(message, () => call.method.codecs.request.toJSON(message));
      return undefined;
    }
    return judging.then(
      ({ message: judged, json }) => {
        hand(judged, json);
      },
      (error: unknown) => {
        hasEnded = true;
        if (!call.isCancelled) guard.refuse(callStatus(error));
      },
    );
  }

  stream.push = (message: unknown) => {
    const next = pending ? pending.then(() => take(message)) : take(message);
    if (next) {
      const mine = next.then(() => {
        if (pending === mine) pending = undefined;
      });
      pending = mine;
    }
    return !next && message !== null;
  };
}

/**
 * Calls the targets of each message before it is sent. A stream writes one message at a time, so that order and
 * back-pressure stay the same.
 */
export function guardWrites(stream: Writable, guard: StreamGuard): void {
  const { call, held } = guard;
  const write = stream._write.bind(stream);
  const final = stream._final.bind(stream);
  stream._write = (message: unknown, encoding, done: Done) => {
    if (guard.isRefused) {
      done();
      return;
    }
    held.close();
    // gRPC runs write callbacks in the context of a socket that several callers share.
    const doneHere: Done = (error) => {
      call.run(() => {
        done(error);
      });
    };
    const judging = call.judgeResponse(message, () => guard.last());
    if (!judging) {
      held.release();
      write(message, encoding, doneHere);
      return;
    }
    judging.then(
      (judged) => {
        held.release();
        write(judged.message, encoding, doneHere);
      },
      (error: unknown) => {
        if (!call.isCancelled) guard.refuse(responseStatus(error));
        doneHere();
      },
    );
  };
  stream._final = (done) => {
    held.release();
    final(done);
  };
}
