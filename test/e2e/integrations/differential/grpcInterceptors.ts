import {
  Metadata,
  ServerInterceptingCall,
  status,
  type Responder,
  type ServerInterceptor,
  type ServerListener,
} from '@grpc/grpc-js';
import { metadataOf } from '../../../integrations/grpcServer.js';
import type { GrpcSetup, Note } from './grpcCase.js';
import type { Message } from './grpcUnaryCases.js';

/** An interceptor that listens to incoming steps, and responds to outgoing ones. */
const interceptor =
  (listener: ServerListener, responder: Responder = {}): ServerInterceptor =>
  (_method, call) =>
    new ServerInterceptingCall(call, {
      ...responder,
      start(next) {
        next(listener);
      },
    });

const behind = (...interceptors: readonly ServerInterceptor[]): GrpcSetup => ({
  server: () => ({ interceptors: [...interceptors] }),
});

/** Records every step of a call, in both directions. */
export const notesAll: GrpcSetup = {
  server: (note) => {
    const noting: ServerInterceptor = (_method, call) => {
      let own = new Metadata();
      const see: Note = (seen) => {
        note(own, seen);
      };
      return new ServerInterceptingCall(call, {
        start(next) {
          next({
            onReceiveMetadata(metadata, go) {
              own = metadata;
              see('in: metadata');
              go(metadata);
            },
            onReceiveMessage(message: Message, go) {
              see(['in', message['number']]);
              go(message);
            },
            onReceiveHalfClose(go) {
              see('in: end');
              go();
            },
            onCancel() {
              see('in: cancelled');
            },
          });
        },
        sendMetadata(metadata, go) {
          see(['out: metadata', metadata.getMap()]);
          go(metadata);
        },
        sendMessage(message: Message, go) {
          see(['out', message]);
          go(message);
        },
        sendStatus(sent, go) {
          see(['out: status', sent.code, sent.details, sent.metadata?.getMap()]);
          go(sent);
        },
      });
    };
    return { interceptors: [noting] };
  },
};

const changed = (message: Message): Message => ({ ...message, number: Number(message['number']) + 100 });

export const changing = behind(
  interceptor(
    {
      onReceiveMetadata(metadata, next) {
        metadata.set('x-user', 'from the interceptor');
        next(metadata);
      },
      onReceiveMessage(message: Message, next) {
        next(changed(message));
      },
    },
    {
      sendMetadata(metadata, next) {
        metadata.set('x-added', 'head');
        next(metadata);
      },
      sendMessage(message: Message, next) {
        next(changed(message));
      },
      sendStatus(sent, next) {
        const metadata = sent.metadata ?? new Metadata();
        metadata.set('x-added', 'trailer');
        next({ ...sent, metadata });
      },
    },
  ),
);

/** Delays each step a little, in order. */
export const slow = behind(
  interceptor(
    {
      onReceiveMetadata(metadata, next) {
        setTimeout(next, 2, metadata);
      },
      onReceiveMessage(message, next) {
        setTimeout(next, 2, message);
      },
      onReceiveHalfClose(next) {
        setTimeout(next, 2);
      },
    },
    {
      sendMetadata(metadata, next) {
        setTimeout(next, 2, metadata);
      },
      sendMessage(message, next) {
        setTimeout(next, 2, message);
      },
      sendStatus(sent, next) {
        setTimeout(next, 2, sent);
      },
    },
  ),
);

/** Replaces each status. */
export const turning = behind(
  interceptor(
    {},
    {
      sendStatus(sent, next) {
        const code = sent.code === status.OK ? status.DATA_LOSS : status.OK;
        next({ ...sent, code, details: `was ${sent.details}` });
      },
    },
  ),
);

/** Answers in place of the handler. */
export const refusing = behind((_method, call) => {
  return new ServerInterceptingCall(call, {
    start(next) {
      next({
        onReceiveMetadata() {
          call.sendStatus({
            code: status.UNAUTHENTICATED,
            details: 'who are you',
            metadata: metadataOf({ 'x-why': 'none' }),
          });
        },
      });
    },
  });
});

/** Refuses a wrong message before the handler sees it. */
export const checking = behind((_method, call) => {
  return new ServerInterceptingCall(call, {
    start(next) {
      next({
        onReceiveMessage(message: Message, go) {
          if (message['number'] === 2)
            call.sendStatus({ code: status.OUT_OF_RANGE, details: 'not two', metadata: null });
          else go(message);
        },
      });
    },
  });
});

/** Keeps the objects that it saw, and changes them after passing them on. */
export const meddling = behind(
  interceptor(
    {
      onReceiveMessage(message: Message, next) {
        Object.assign(message, { noted: true });
        next(message);
      },
    },
    {
      sendMessage(message: Message, next) {
        next(message);
        Object.assign(message, { number: 0 });
      },
    },
  ),
);

/** The recording interceptor is the outer one. */
export const two: GrpcSetup = {
  server: (note) => ({
    interceptors: [notesAll, changing].flatMap(({ server }) => server?.(note).interceptors ?? []),
  }),
};
