import type { ServerResponse } from 'node:http';
import { soon } from '../../lib/clock.js';

/** Destroys a connection once the response on it, which its handler takes for sent, has really been sent. */
export interface LateDestroy {
  /** Destroys the connection if that was asked for. */
  now(): void;
  /** The same, when the answer has gone out. */
  afterFinish(): void;
  /** `destroy` of the connection works at once again. */
  restore(): void;
}

/**
 * Express's own last handler destroys the connection when a handler fails after it has answered: by then the answer has left.
 * Where it is held it has not, so that what this request's code destroys stays open until then. What anything else destroys is
 * destroyed at once.
 */
export function createLateDestroy(response: ServerResponse, isOwnCode: () => boolean): LateDestroy {
  const { socket } = response;
  let isAskedFor = false;
  const later = (object: { destroy(error?: Error): unknown }, isSent: () => boolean) => {
    const before = Object.getOwnPropertyDescriptor(object, 'destroy');
    const destroy = object.destroy.bind(object);
    object.destroy = (error) => {
      if (error !== undefined || !isSent() || !isOwnCode()) return destroy(error);
      isAskedFor = true;
      return object;
    };
    return () => {
      if (before) Object.defineProperty(object, 'destroy', before);
      else Reflect.deleteProperty(object, 'destroy');
    };
  };
  const restores = [
    later(response, () => response.writableEnded),
    ...(socket ? [later(socket, () => true)] : []),
  ];

  const now = () => {
    if (isAskedFor) socket?.destroy();
  };
  return {
    // Node hands what was written in this turn to the connection at its end.
    now: () => {
      if (isAskedFor) soon('the end of a connection', now);
    },
    afterFinish: () => {
      response.once('finish', now);
    },
    restore() {
      for (const restore of restores.splice(0)) restore();
    },
  };
}
