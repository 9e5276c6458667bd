import type { ServerResponse } from 'node:http';
import { soon } from '../../lib/clock.js';

/** Destroys a connection only after its response, which the handler takes for sent, has really been sent. */
export interface LateDestroy {
  /** Destroys the connection if a handler asked for it. */
  now(): void;
  /** The same, once the answer has been sent. */
  afterFinish(): void;
  /** From now on `destroy` of the connection works at once. */
  restore(): void;
}

/**
 * Express's last handler destroys the connection when a handler fails after it has answered: normally the answer has
 * left by then. A held answer has not, so a `destroy` by this request's code waits until it has. A `destroy` by other
 * code takes effect at once.
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
    // Node passes this turn's writes to the connection at the end of the turn.
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
