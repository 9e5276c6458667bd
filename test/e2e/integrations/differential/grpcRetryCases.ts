import type { ServerReadableStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { setTimeout as wait } from 'node:timers/promises';
import { metadataOf } from '../../../integrations/grpcServer.js';
import type { GrpcCase, GrpcSetup, Note } from './grpcCase.js';
import { failure, type Message, type Respond } from './grpcUnaryCases.js';

type Unary = ServerUnaryCall<Message, Message>;

const serviceConfig = (method: object): GrpcSetup => ({
  client: {
    'grpc.service_config': JSON.stringify({ methodConfig: [{ name: [{}], ...method }] }),
    'grpc.service_config_disable_resolution': 1,
  },
});

const retrying = serviceConfig({
  retryPolicy: {
    maxAttempts: 4,
    initialBackoff: '0.01s',
    maxBackoff: '0.02s',
    backoffMultiplier: 1,
    retryableStatusCodes: ['UNAVAILABLE'],
  },
});

const hedgedAttempts = 3;

const hedging = serviceConfig({
  hedgingPolicy: {
    maxAttempts: hedgedAttempts,
    hedgingDelay: '0.001s',
    nonFatalStatusCodes: ['UNAVAILABLE'],
  },
});

/** Attempts that the client made before. */
const attemptOf = ({ metadata }: Pick<Unary, 'metadata'>): number =>
  Number(metadata.get('grpc-previous-rpc-attempts')[0] ?? 0);

const unavailable = (metadata = metadataOf({ 'x-why': 'later' })) => failure(14, 'not yet', metadata);

const unary = (
  name: string,
  handler: (call: Unary, respond: Respond, note: Note) => unknown,
  rest: Partial<GrpcCase> = {},
): GrpcCase => ({
  name: `retries: ${name}`,
  method: 'Unary',
  handler,
  sends: [{ number: 1 }],
  setup: retrying,
  ...rest,
});

/** Answers the first attempt once all attempts of the call have arrived, in any order. */
function answerWhenAllAreThere(): (call: Unary, respond: Respond, note: Note) => void {
  let there = 0;
  let answer: () => void = () => undefined;
  return (call, respond, note) => {
    if (attemptOf(call) > 0) call.on('cancelled', () => note('cancelled'));
    else
      answer = () => {
        respond(null, { number: 0 });
      };
    there += 1;
    if (there % hedgedAttempts === 0) answer();
  };
}

/** Clients that make several attempts of a call. */
export const retryCases: readonly GrpcCase[] = [
  unary('the third attempt is answered', (call, respond, note) => {
    note([attemptOf(call), call.request['number']]);
    if (attemptOf(call) < 2) respond(unavailable());
    else respond(null, { number: attemptOf(call) }, metadataOf({ 'x-trailer': 'one' }));
  }),
  unary('every attempt fails', (call, respond, note) => {
    note(attemptOf(call));
    respond(unavailable());
  }),
  unary('a failure that is not tried again', (call, respond, note) => {
    note(attemptOf(call));
    respond(failure(9, 'never'));
  }),
  unary('metadata that were sent end the attempts', async (call, respond, note) => {
    note(attemptOf(call));
    call.sendMetadata(metadataOf({ 'x-head': String(attemptOf(call)) }));
    await wait(20);
    respond(unavailable());
  }),
  unary('the server pushes back', (call, respond, note) => {
    note(attemptOf(call));
    respond(unavailable(metadataOf({ 'grpc-retry-pushback-ms': attemptOf(call) === 0 ? '5' : '-1' })));
  }),
  unary('the handler throws', (call, _respond, note) => {
    note(attemptOf(call));
    throw new Error('broken');
  }),
  unary(
    'the deadline passes between attempts',
    (call, respond, note) => {
      if (attemptOf(call) === 0) note('asked');
      setTimeout(respond, 300, unavailable());
    },
    { deadline: 500 },
  ),
  {
    ...unary('a stream of requests is sent again', () => undefined),
    method: 'Collect',
    sends: [{ number: 1 }, { number: 2 }],
    handler: (call: ServerReadableStream<Message, Message>, respond: Respond, note: Note) => {
      call.on('data', ({ number }: Message) => {
        note([attemptOf(call), number]);
      });
      call.on('end', () => {
        if (attemptOf(call) < 2) respond(unavailable());
        else respond(null, { number: attemptOf(call) });
      });
    },
  },
  {
    ...unary('a stream of responses fails before its first message', () => undefined),
    method: 'Watch',
    handler: (call: ServerWritableStream<Message, Message>, _respond: Respond, note: Note) => {
      note(attemptOf(call));
      if (attemptOf(call) < 2) call.emit('error', unavailable());
      else call.end();
    },
  },
  {
    ...unary('a stream of responses fails after its first message', () => undefined),
    method: 'Watch',
    handler: (call: ServerWritableStream<Message, Message>, _respond: Respond, note: Note) => {
      note(attemptOf(call));
      call.write({ number: 1 });
      call.emit('error', unavailable());
    },
  },
  unary(
    'hedged attempts, of which the last is answered',
    (call, respond) => {
      if (attemptOf(call) < 2) respond(unavailable());
      else respond(null, { number: attemptOf(call) });
    },
    { setup: hedging },
  ),
  unary('hedged attempts, of which the first is answered when all are there', answerWhenAllAreThere(), {
    setup: hedging,
  }),
];
