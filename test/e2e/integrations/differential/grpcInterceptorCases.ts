import type { ServerUnaryCall } from '@grpc/grpc-js';
import { metadataOf } from '../../../integrations/grpcServer.js';
import type { GrpcCase, GrpcKind, GrpcSetup, Note } from './grpcCase.js';
import { changing, checking, meddling, notesAll, refusing, slow, turning, two } from './grpcInterceptors.js';
import { failure, type Message, type Respond } from './grpcUnaryCases.js';

type Unary = ServerUnaryCall<Message, Message>;

/** A handler for each kind of method: it reads all, and answers. */
const handlers: Readonly<Record<Exclude<GrpcKind, 'Options'>, GrpcCase['handler']>> = {
  Unary: (call: Unary, respond: Respond) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    respond(null, { number: 7 }, metadataOf({ 'x-trailer': 'one' }));
  },
  Collect: (call: NodeJS.ReadableStream, respond: Respond) => {
    call.on('data', () => undefined);
    call.on('end', () => {
      respond(null, { number: 7 });
    });
  },
  Watch: (call: NodeJS.WritableStream) => {
    for (const number of [1, 2]) call.write({ number } as never);
    call.end();
  },
  Talk: (call: NodeJS.ReadWriteStream) => {
    call.on('data', (message) => call.write(message as never));
    call.on('end', () => call.end());
  },
};
const kinds = Object.keys(handlers) as readonly (keyof typeof handlers)[];
const messages = [{ number: 1 }, { number: 2 }];

const ofEachKind = (what: string, setup: GrpcSetup): readonly GrpcCase[] =>
  kinds.map((method) => ({
    name: `${what}: ${method}`,
    method,
    handler: handlers[method],
    sends: messages,
    isPaced: method === 'Talk',
    setup,
  }));

const unary = (
  name: string,
  setup: GrpcSetup,
  handler: (call: Unary, respond: Respond, note: Note) => unknown,
  rest: Partial<GrpcCase> = {},
): GrpcCase => ({ name: `interceptors: ${name}`, method: 'Unary', handler, setup, ...rest });

const sees = (call: Unary, respond: Respond, note: Note): void => {
  note([call.request['number'], call.metadata.get('x-user'), 'noted' in call.request]);
  respond(null, { number: 7 });
};

/** Interceptors of the server, around the guarded handlers. */
export const interceptorCases: readonly GrpcCase[] = [
  ...ofEachKind('an interceptor notes every step', notesAll),
  ...ofEachKind('an interceptor changes metadata, messages and status', changing),
  ...ofEachKind('an interceptor that is slow', slow),
  ...ofEachKind('an interceptor turns the status', turning),
  ...ofEachKind('an interceptor refuses', refusing),
  ...ofEachKind('two interceptors', two),
  unary('change what the handler sees', changing, sees),
  unary('hand on more than the type has', meddling, sees),
  unary('turn a failure', turning, (_call, respond) => {
    respond(failure(5, 'no such order', metadataOf({ 'x-why': 'gone' })));
  }),
  unary('turn what a handler throws', turning, () => {
    throw new Error('broken');
  }),
  unary('note a failure', notesAll, (call, respond) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    respond(failure(9, 'not now'), null, metadataOf({ 'x-trailer': 'one' }));
  }),
  unary(
    'note that the client cancels',
    notesAll,
    (call, _respond, note) => {
      call.on('cancelled', () => {
        note('cancelled');
      });
      note('waits');
    },
    { cancelOnNote: 4 },
  ),
  {
    ...unary('refuse the second message of a stream', checking, () => undefined),
    method: 'Collect',
    sends: messages,
    isPaced: true,
    handler: (call: NodeJS.ReadableStream, _respond: Respond, note: Note) => {
      call.on('data', ({ number }: Message) => {
        note(number);
      });
      call.on('cancelled', () => {
        note('cancelled');
      });
    },
  },
];
