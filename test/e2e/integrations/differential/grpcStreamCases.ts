import type { ServerDuplexStream, ServerWritableStream } from '@grpc/grpc-js';
import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { metadataOf } from '../../../integrations/grpcServer.js';
import type { GrpcCase, Note } from './grpcCase.js';

type Message = Record<string, unknown>;
type Watch = ServerWritableStream<Message, Message>;
type Talk = ServerDuplexStream<Message, Message>;

const watch = (
  name: string,
  handler: (call: Watch, note: Note) => unknown,
  rest: Partial<GrpcCase> = {},
): GrpcCase => ({
  name,
  method: 'Watch',
  handler: (call: Watch, _respond: unknown, note: Note) => handler(call, note),
  sends: [{ number: 3 }],
  ...rest,
});

const failure = (code: number, details: string) => Object.assign(new Error(details), { code, details });

function watchEvents(call: Watch | Talk, note: Note, names: readonly string[]): void {
  for (const name of names)
    call.on(name, () => {
      note(name);
    });
}

/** Every way to write a stream of responses. */
export const watchCases: readonly GrpcCase[] = [
  watch('writes and ends', (call, note) => {
    watchEvents(call, note, ['finish', 'cancelled']);
    for (let number = 1; number <= 3; number++) call.write({ number });
    call.end();
  }),
  watch('writes with callbacks', (call, note) => {
    call.write({ number: 1 }, () => {
      note('written 1');
      call.write({ number: 2 }, () => {
        note('written 2');
        call.end();
      });
    });
  }),
  watch('waits for drain', async (call, note) => {
    let waits = 0;
    for (let number = 0; number < 40; number++)
      if (!call.write({ number })) {
        waits++;
        await once(call, 'drain');
      }
    note(waits > 0);
    call.end();
  }),
  watch('is piped into', async (call, note) => {
    await pipeline(Readable.from([{ number: 1 }, { number: 2 }]), call as unknown as Writable).catch(
      (error: unknown) => {
        note(String(error));
      },
    );
    note('piped');
  }),
  watch('ends without a message', (call) => {
    call.end();
  }),
  watch('ends with a trailer', (call) => {
    call.write({ number: 1 });
    call.end(metadataOf({ 'x-trailer': 'one' }));
  }),
  watch('sends metadata, then writes', (call) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    call.write({ number: 1 });
    call.end();
  }),
  watch('sends metadata after it wrote', (call) => {
    call.write({ number: 1 });
    call.sendMetadata(metadataOf({ 'x-head': 'late' }));
    call.end();
  }),
  watch('sends metadata and ends without a message', (call) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    call.end(metadataOf({ 'x-trailer': 'one' }));
  }),
  watch('fails before it wrote', (call) => {
    call.emit('error', failure(5, 'no such order'));
  }),
  watch('fails after it wrote', (call, note) => {
    call.on('error', (error: Error) => {
      note(error.message);
    });
    call.write({ number: 1 });
    call.write({ number: 2 });
    call.emit('error', failure(9, 'not now'));
  }),
  watch(
    'is destroyed with an error',
    (call, note) => {
      watchEvents(call, note, ['close']);
      call.write({ number: 1 }, () => call.destroy(failure(9, 'destroyed')));
    },
    { deadline: 1_000 },
  ),
  watch('throws before it wrote', () => {
    throw new Error('broken');
  }),
  watch('throws after it wrote', (call) => {
    call.write({ number: 1 });
    throw new Error('broken');
  }),
  watch(
    'writes after its end',
    (call, note) => {
      call.on('error', (error: Error) => {
        note(error.message);
      });
      call.write({ number: 1 });
      call.end();
      call.write({ number: 2 });
    },
    { boundMs: 500 },
  ),
  watch('ends twice', (call) => {
    call.write({ number: 1 });
    call.end();
    call.end(metadataOf({ 'x-trailer': 'second' }));
  }),
  watch('writes what is no message', (call, note) => {
    watchEvents(call, note, ['cancelled']);
    call.write({ number: 1 });
    call.write({ numbers: 'no list' });
    call.end();
  }),
  watch(
    'never ends until the deadline',
    (call, note) => {
      watchEvents(call, note, ['cancelled', 'close']);
      call.write({ number: 1 });
    },
    { deadline: 1_000 },
  ),
  watch(
    'goes on until the client cancels',
    async (call, note) => {
      call.on('cancelled', () => {
        note('cancelled');
      });
      for (let number = 0; number < 100 && !call.cancelled; number++) {
        call.write({ number });
        await wait(30);
      }
      note(call.cancelled);
    },
    { cancelAfter: 1 },
  ),
  watch('rejects after it ended', async (call) => {
    call.write({ number: 1 });
    call.end();
    await wait(1);
    throw new Error('rejected');
  }),
];

const talk = (
  name: string,
  handler: (call: Talk, note: Note) => unknown,
  rest: Partial<GrpcCase> = {},
): GrpcCase => ({
  name,
  method: 'Talk',
  handler: (call: Talk, _respond: unknown, note: Note) => handler(call, note),
  sends: [{ number: 1 }, { number: 2 }],
  ...rest,
});

/** Every way to read and write at once. */
export const talkCases: readonly GrpcCase[] = [
  talk('answers each message by listeners', (call, note) => {
    watchEvents(call, note, ['end', 'finish']);
    call.on('data', ({ number }: Message) => {
      note(number);
      call.write({ number: Number(number) * 10 });
    });
    call.on('end', () => {
      call.end();
    });
  }),
  talk('answers each message by iteration', async (call, note) => {
    for await (const message of call.iterator({ destroyOnReturn: false }) as AsyncIterable<Message>) {
      note(message);
      call.write(message);
    }
    call.end(metadataOf({ 'x-trailer': 'one' }));
  }),
  talk('writes before it reads', (call, note) => {
    call.sendMetadata(metadataOf({ 'x-head': 'one' }));
    call.write({ text: 'welcome' });
    call.on('data', (message: Message) => {
      note(message);
    });
    call.on('end', () => {
      call.end();
    });
  }),
  talk(
    'ends before the client does',
    (call) => {
      call.write({ text: 'enough' });
      call.end();
    },
    { halfCloses: false },
  ),
  talk('pipes requests into responses', (call) => {
    call.pipe(call as unknown as NodeJS.WritableStream);
  }),
  talk('fails at the second message', (call, note) => {
    watchEvents(call, note, ['cancelled']);
    call.on('data', ({ number }: Message) => {
      if (number === 2) call.emit('error', failure(8, 'too much'));
      else call.write({ number });
    });
  }),
  talk('throws at once', () => {
    throw new Error('broken');
  }),
  talk(
    'talks until the client cancels',
    (call, note) => {
      watchEvents(call, note, ['cancelled', 'close']);
      call.on('data', (message: Message) => {
        note(message);
        call.write(message);
      });
    },
    { halfCloses: false, cancelAfter: 2 },
  ),
];
