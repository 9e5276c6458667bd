import type { ServerResponse } from 'node:http';
import { soon } from '../../lib/clock.js';

/** Delays the destruction of a connection until the held response, which looks sent to the handler, has been sent. */
export interface LateDestroy {
  /** Destroys the connection where a handler asked for it. */
  now(): void;
  /** Destroys the connection after the answer has been sent, where a handler asked for it. */
  afterFinish(): void;
  /** Restores the connection's `destroy`, which then takes effect at once. */
  restore(): void;
}

/**
 * Express's final handler destroys the connection when a handler fails after answering, because normally the answer has
 * been sent by then. A held answer has not been sent, so a `destroy` by the code of this request waits for it. A `destroy`
 * by other code takes effect at once.
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
    // Wait one turn: Node passes the writes of a turn to the connection at its end.
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
