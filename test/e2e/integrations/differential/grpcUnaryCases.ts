import { Metadata, type sendUnaryData, type ServerReadableStream, type ServerUnaryCall } from '@grpc/grpc-js';
import { setTimeout as wait } from 'node:timers/promises';
import { metadataOf } from '../../../integrations/grpcServer.js';
import type { GrpcCase, Note } from './grpcCase.js';

export type Message = Record<string, unknown>;
type Call = ServerUnaryCall<Message, Message>;
export type Respond = sendUnaryData<Message>;

/** A handler of a unary call. */
const unary = (
  name: string,
  handler: (call: Call, respond: Respond, note: Note) => unknown,
  rest: Partial<GrpcCase> = {},
): GrpcCase => ({ name, method: 'Unary', handler, ...rest });

export const failure = (code: number, details: string, metadata?: Metadata) =>
  Object.assign(new Error(details), { code, details, ...(metadata && { metadata }) });

export const watchCancel = (call: Call | ServerReadableStream<Message, Message>, note: Note) =>
  call.on('cancelled', () => {
    note(['cancelled', call.cancelled]);
  });

/** Every way to answer, fail and end a unary call. */
export const unaryCases: readonly GrpcCase[] = [
  unary('answers', (_call, respond) => {
    respond(null, { text: 'hello', number: 7 });
  }),
  unary('answers later', async (_call, respond) => {
    await wait(5);
    respond(null, { text: 'later' });
  }),
  unary('answers with an empty message', (_call, respond) => {
    respond(null, {});
  }),
  unary('answers with values that are the default', (_call, respond) => {
    respond(null, {
      text: '',
      number: 0,
      flag: false,
      note: '',
      count: 0,
      right: 0,
      numbers: [],
      raw: Buffer.alloc(0),
    });
  }),
  unary('answers with a trailer', (_call, respond) => {
    respond(null, { text: 'a' }, metadataOf({ 'x-trailer': 'one' }));
  }),
  unary('sends metadata, then answers with a trailer', (call, respond) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    respond(null, { text: 'a' }, metadataOf({ 'x-trailer': 'two' }));
  }),
  unary('sends metadata twice', (call, respond) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    call.sendMetadata(metadataOf({ 'x-head': 'two' }));
    respond(null, { text: 'a' });
  }),
  unary('sends metadata after its answer', (call, respond) => {
    respond(null, { text: 'a' });
    call.sendMetadata(metadataOf({ 'x-head': 'late' }));
  }),
  unary('sends binary metadata', (call, respond) => {
    const metadata = new Metadata();
    metadata.set('x-bytes-bin', Buffer.from([0, 255]));
    call.sendMetadata(metadata);
    respond(null, {}, metadata);
  }),
  unary('changes metadata after it sent them', (call, respond) => {
    const metadata = metadataOf({ 'x-head': 'one' });
    call.sendMetadata(metadata);
    metadata.set('x-head', 'changed');
    respond(null, {});
  }),
  unary('fails with a code', (_call, respond) => {
    respond(failure(5, 'no such order'));
  }),
  unary('fails with a code and metadata', (_call, respond) => {
    respond(failure(9, 'not now', metadataOf({ 'x-why': 'late' })));
  }),
  unary('fails with a trailer', (_call, respond) => {
    respond(failure(9, 'not now'), null, metadataOf({ 'x-trailer': 'one' }));
  }),
  unary('sends metadata, then fails', (call, respond) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    respond(failure(7, 'no'));
  }),
  unary('fails with an error without a code', (_call, respond) => {
    respond(new Error('broken'));
  }),
  unary('fails with a code that is none', (_call, respond) => {
    respond(Object.assign(new Error('odd'), { code: 'ENOENT', details: 'odd' }) as never);
  }),
  unary('throws', () => {
    throw new Error('broken');
  }),
  unary('sends metadata, then throws', (call) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    throw new Error('broken');
  }),
  unary('rejects, and answers before', async (_call, respond) => {
    respond(null, { text: 'a' });
    await wait(1);
    throw new Error('rejected');
  }),
  unary('answers, then fails', (_call, respond) => {
    respond(null, { text: 'a' });
    respond(failure(10, 'too late'));
  }),
  unary('fails, then answers', (_call, respond) => {
    respond(failure(10, 'first'));
    respond(null, { text: 'a' });
  }),
  unary('fails twice', (_call, respond) => {
    respond(failure(10, 'first'));
    respond(failure(11, 'second'));
  }),
  unary(
    'answers twice',
    (_call, respond) => {
      respond(null, { text: 'first' });
      respond(null, { text: 'second' });
    },
    { bareBoundMs: 500 },
  ),
  unary('answers, then throws', (_call, respond) => {
    respond(null, { text: 'a' });
    throw new Error('broken');
  }),
  unary('answers with nothing', (_call, respond) => {
    respond(null, undefined);
  }),
  unary('answers with null', (_call, respond) => {
    respond(null, null);
  }),
  unary('answers with a value of the wrong type', (_call, respond) => {
    respond(null, { numbers: 'no list' });
  }),
  unary('answers with a list', (_call, respond) => {
    respond(null, [] as unknown as Message);
  }),
  unary('answers with unknown fields and prototypes', (_call, respond) => {
    class Answer {
      get text() {
        return 'from a getter';
      }
    }
    respond(null, Object.assign(new Answer(), { unknown: 1, number: 2 }) as unknown as Message);
  }),
  unary(
    'never answers until the deadline',
    (call, _respond, note) => {
      watchCancel(call, note);
    },
    { deadline: 1_000 },
  ),
  unary(
    'sends metadata and never answers until the deadline',
    (call, _respond, note) => {
      call.sendMetadata(metadataOf({ 'x-head': 'one' }));
      watchCancel(call, note);
    },
    { deadline: 1_000 },
  ),
  unary(
    'is cancelled, then answers',
    (call, respond, note) => {
      note('waits');
      watchCancel(call, note);
      call.on('cancelled', () => {
        respond(null, { text: 'too late' });
      });
    },
    { cancelOnNote: 1 },
  ),
  unary(
    'sees the call',
    (call, respond, note) => {
      note([
        call.request,
        call.getPath(),
        call.cancelled,
        call.metadata.get('x-user'),
        typeof call.getDeadline(),
      ]);
      note(call.metadata.get('x-data-bin').map(String));
      respond(null, {});
    },
    {
      sends: [{ text: 'seen', large: '9007199254740993', raw: Buffer.from('bytes'), level: 'LEVEL_HIGH' }],
      metadata: { 'x-user': 'ada', 'x-data-bin': Buffer.from('abc') },
    },
  ),
  unary('uses this', function (this: unknown, _call, respond, note) {
    note(typeof this);
    respond(null, {});
  }),
  unary(
    'is sent bytes that are no message',
    (_call, respond, note) => {
      note('called');
      respond(null, {});
    },
    { bytes: Uint8Array.from([10, 255]) },
  ),
];
