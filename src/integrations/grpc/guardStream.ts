import type { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { isActionsError } from '../../errors.js';
import { callStatus, responseStatus, type CallStatus } from './callStatus.js';
import type { GuardedCall } from './guardedCall.js';

type Done = (error?: Error | null) => void;

/**
 * Tells listeners in the caller's context: an event of a stream otherwise runs in the context of whatever caused it. Errors of
 * this library that a handler emits become statuses.
 */
export function guardEvents(stream: EventEmitter, call: GuardedCall): void {
  const emit = stream.emit.bind(stream);
  stream.emit = (event: string, ...sent: unknown[]) =>
    call.run(() => {
      if (event === 'error' && isActionsError(sent[0])) return emit(event, callStatus(sent[0]));
      return emit(event, ...sent);
    });
}

/** The last message that the handler was given, as targets are shown it. */
export interface LastRequest {
  json: () => unknown;
}

/**
 * Judges each message before the handler can read it. gRPC asks for the next one only when this one was pushed, so that order
 * and back-pressure stay what they are.
 */
export function guardReads(
  stream: Readable,
  call: GuardedCall,
  last: LastRequest,
  toJSON: (message: unknown) => unknown,
  refuse: (status: CallStatus) => void,
): void {
  const push = stream.push.bind(stream);
  let turn: Promise<void> | undefined;
  let hasEnded = false;

  function hand(message: unknown, json: () => unknown): void {
    last.json = json;
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
      hand(message, () => toJSON(message));
      return undefined;
    }
    return judging.then(
      ({ message: judged, json }) => {
        hand(judged, () => json);
      },
      (error: unknown) => {
        hasEnded = true;
        if (!call.isCancelled) refuse(callStatus(error));
      },
    );
  }

  stream.push = (message: unknown) => {
    const next = turn ? turn.then(() => take(message)) : take(message);
    if (next) {
      const mine = next.then(() => {
        if (turn === mine) turn = undefined;
      });
      turn = mine;
    }
    return !next && message !== null;
  };
}

/** Judges each message before it is sent. A stream writes one at a time, so that order and back-pressure stay what they are. */
export function guardWrites(
  stream: Writable,
  call: GuardedCall,
  request: () => unknown,
  refuse: (status: CallStatus) => void,
): void {
  const write = stream._write.bind(stream);
  let isRefused = false;
  stream._write = (message: unknown, encoding, done: Done) => {
    if (isRefused) {
      done();
      return;
    }
    const judging = call.judgeResponse(message, request);
    if (!judging) {
      write(message, encoding, done);
      return;
    }
    const doneHere: Done = (error) => {
      call.run(() => {
        done(error);
      });
    };
    judging.then(
      (judged) => {
        write(judged.message, encoding, doneHere);
      },
      (error: unknown) => {
        isRefused = true;
        if (!call.isCancelled) refuse(responseStatus(error));
        doneHere();
      },
    );
  };
}
