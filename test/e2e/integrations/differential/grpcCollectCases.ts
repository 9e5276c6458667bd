import type { ServerReadableStream } from '@grpc/grpc-js';
import { setTimeout as wait } from 'node:timers/promises';
import { metadataOf } from '../../../integrations/grpcServer.js';
import type { GrpcCase, Note } from './grpcCase.js';
import { failure, watchCancel, type Message, type Respond } from './grpcUnaryCases.js';

const collect = (
  name: string,
  handler: (call: ServerReadableStream<Message, Message>, respond: Respond, note: Note) => unknown,
  rest: Partial<GrpcCase> = {},
): GrpcCase => ({
  name,
  method: 'Collect',
  handler,
  sends: [{ number: 1 }, { number: 2 }, { number: 3 }],
  ...rest,
});

/** Every way to read a stream of requests. */
export const collectCases: readonly GrpcCase[] = [
  collect('collects by listeners', (call, respond, note) => {
    let sum = 0;
    for (const event of ['end', 'close', 'error']) call.on(event, () => note(event));
    call.on('data', ({ number }: Message) => {
      note(number);
      sum += Number(number);
    });
    call.on('end', () => {
      respond(null, { number: sum });
    });
  }),
  collect('collects by iteration', async (call, respond, note) => {
    for await (const message of call as AsyncIterable<Message>) note(message);
    respond(null, { text: 'all' });
  }),
  collect('reads slowly', async (call, respond, note) => {
    for await (const message of call as AsyncIterable<Message>) {
      await wait(2);
      note(message);
    }
    respond(null, {});
  }),
  collect('pauses and resumes', (call, respond, note) => {
    call.on('data', (message: Message) => {
      note(message);
      call.pause();
      setTimeout(() => call.resume(), 2);
    });
    call.on('end', () => {
      respond(null, {});
    });
  }),
  collect('reads by readable', (call, respond, note) => {
    call.on('readable', () => {
      for (let message = call.read() as unknown; message !== null; message = call.read()) note(message);
    });
    call.on('end', () => {
      respond(null, {});
    });
  }),
  collect('answers before it read all', (call, respond, note) => {
    call.once('data', (message: Message) => {
      note(message);
      respond(null, { text: 'enough' });
    });
  }),
  collect('fails before it read all', (call, respond, note) => {
    watchCancel(call, note);
    call.once('data', () => {
      respond(failure(8, 'too much'));
    });
  }),
  collect('sends metadata before it reads', (call, respond) => {
    call.sendMetadata(metadataOf({ 'x-head': 'early' }));
    call.on('data', () => undefined);
    call.on('end', () => {
      respond(null, {}, metadataOf({ 'x-trailer': 'late' }));
    });
  }),
  collect('throws before it reads', () => {
    throw new Error('broken');
  }),
  collect(
    'is sent no message',
    (call, respond, note) => {
      call.on('data', note);
      call.on('end', () => {
        note('end');
        respond(null, { text: 'none' });
      });
    },
    { sends: [] },
  ),
  collect(
    'waits for more until the client cancels',
    (call, _respond, note) => {
      watchCancel(call, note);
      call.on('data', note);
      call.on('close', () => {
        note('close');
      });
    },
    { halfCloses: false, cancelOnNote: 3 },
  ),
];
