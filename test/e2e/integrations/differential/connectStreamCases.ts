import { Code, ConnectError } from '@connectrpc/connect';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectCase, Init } from './connectCase.js';
import { aborted, watchSignal, type Handler, type Message } from './connectUnaryCases.js';
import type { Note } from './grpcCase.js';

const watch = (
  name: string,
  handler: Handler<Message, AsyncIterable<Init>>,
  rest: Partial<ConnectCase> = {},
): ConnectCase => ({ name, method: 'watch', handler: handler as never, ...rest });

/** Every way to write a stream of responses. */
export const watchCases: readonly ConnectCase[] = [
  watch('yields and ends', async function* () {
    for (let number = 1; number <= 3; number++) yield { number };
  }),
  watch('yields slowly', async function* () {
    for (let number = 1; number <= 3; number++) {
      await wait(2);
      yield { number };
    }
  }),
  // eslint-disable-next-line require-yield -- a stream without messages
  watch('ends without a message', async function* (_request, { responseTrailer }) {
    responseTrailer.set('x-trailer', 'one');
  }),
  watch(
    'sets headers before and trailers after',
    async function* (_request, { responseHeader, responseTrailer }) {
      responseHeader.set('x-head', 'one');
      yield { number: 1 };
      responseHeader.set('x-head', 'late');
      responseTrailer.set('x-trailer', 'two');
    },
  ),
  // eslint-disable-next-line require-yield -- it throws before
  watch('throws before it yields', async function* () {
    throw new ConnectError('no such order', Code.NotFound);
  }),
  watch('throws after it yielded', async function* (_request, { responseTrailer }) {
    yield { number: 1 };
    responseTrailer.set('x-trailer', 'one');
    throw new ConnectError('not now', Code.FailedPrecondition, { 'x-why': 'late' });
  }),
  watch('throws at once', () => {
    throw new Error('broken');
  }),
  watch('yields what is no message', async function* () {
    yield { number: 1 };
    yield { number: 'none' };
  }),
  watch('is an iterator without return', () => {
    let number = 0;
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: ++number > 2, value: { number } }) as IteratorResult<Init>,
      }),
    };
  }),
  watch(
    'goes on until the client cancels',
    async function* (_request, context, note) {
      watchSignal(context, note);
      try {
        for (let number = 0; number < 100; number++) {
          yield { number };
          await wait(5);
        }
      } catch {
        note('thrown');
      } finally {
        note('ended');
      }
    },
    { cancelAfter: 2 },
  ),
  watch(
    'goes on until the deadline',
    async function* (_request, { signal }, note) {
      yield { number: 1 };
      await aborted(signal);
      note(signal.aborted);
    },
    { timeoutMs: 3_000 },
  ),
];

const talk = (
  name: string,
  handler: Handler<AsyncIterable<Message>, AsyncIterable<Init>>,
  rest: Partial<ConnectCase> = {},
): ConnectCase => ({
  name,
  method: 'talk',
  handler: handler as never,
  sends: [{ number: 1 }, { number: 2 }],
  ...rest,
});

/** Every way to read and write at once. */
export const talkCases: readonly ConnectCase[] = [
  talk('answers each message', async function* (requests, _context, note) {
    for await (const { number } of requests) {
      note(number);
      yield { number: Number(number) * 10 };
    }
  }),
  talk('writes before it reads', async function* (requests, _context, note) {
    yield { text: 'welcome' };
    for await (const { number } of requests) note(number);
    yield { text: 'bye' };
  }),
  talk(
    'ends before the client does',
    async function* () {
      yield { text: 'enough' };
    },
    { halfCloses: false },
  ),
  talk('throws at the second message', async function* (requests) {
    for await (const { number } of requests) {
      if (number === 2) throw new ConnectError('too much', Code.ResourceExhausted);
      yield { number: Number(number) };
    }
  }),
  talk(
    'talks until the client cancels',
    async function* (requests, context, note) {
      watchSignal(context, note);
      try {
        for await (const { number } of requests) yield { number: Number(number) };
      } finally {
        note('ended');
      }
    },
    { halfCloses: false, cancelAfter: 2 },
  ),
];

const exchange = (name: string, sends: Message, service?: string): ConnectCase => ({
  name,
  method: 'unary',
  sends: [sends],
  ...(service !== undefined && { service }),
  handler: (request: Message, _context: unknown, note: Note) => {
    note(request);
    return request;
  },
});

/** Messages of every kind, there and back. */
export const messageCases: readonly ConnectCase[] = [
  exchange('numbers', {
    number: -(2 ** 31),
    unsigned: 2 ** 32 - 1,
    large: -(2n ** 63n),
    huge: 2n ** 64n - 1n,
    share: 0.5,
  }),
  exchange('numbers that are none', { ratio: NaN, share: -Infinity }),
  exchange('negative zero', { ratio: -0 }),
  exchange('lists and bytes', {
    numbers: [0, -1],
    texts: [''],
    levels: [1, 0],
    raws: [new Uint8Array([0])],
    children: [{}],
  }),
  exchange('maps', {
    price: { a: { units: 1n }, '': {} },
    labels: { 1: 'one', '-2': '' },
    levelByName: { x: 1 },
  }),
  exchange('a map with a key that objects have', { price: { constructor: { units: 1n } } }),
  exchange('a oneof at its default value', { choice: { case: 'right', value: 0 } }),
  exchange('optional fields, set', { note: '', count: 0 }),
  exchange('times', { at: { seconds: -1n, nanos: 1 }, took: { seconds: -1n, nanos: -5 } }),
  exchange('a struct', { extra: { list: [1, null, { deep: false }] } }),
  exchange('wrappers', { wrapped: 0n, maybe: false }),
  exchange('an Any', {
    attached: { typeUrl: 'type.googleapis.com/no.such.Type', value: new Uint8Array([10, 1, 97]) },
  }),
  exchange('a number of no enum', { level: 7 }),
  exchange('unknown fields', {
    text: 'a',
    $unknown: [{ no: 2000, wireType: 2, data: new Uint8Array([1, 98]) }],
  }),
  exchange('proto2: false where true is the default', { n: 0, notify: false }, 'Proto2Service'),
  exchange(
    'proto2: groups and defaults',
    { n: 1, details: { seen: false }, line: [{ item: 'a' }], mood: 1 },
    'Proto2Service',
  ),
  exchange('proto2: a required field is missing', {}, 'Proto2Service'),
  exchange(
    'proto2: extensions',
    { n: 1, $unknown: [{ no: 100, wireType: 2, data: new Uint8Array([1, 97]) }] },
    'Proto2Service',
  ),
  exchange(
    'editions: explicit and required at zero',
    { explicit: 0, needed: 0, notify: false },
    'EditionsService',
  ),
  exchange(
    'editions: delimited messages',
    { needed: 1, delimited: { needed: 0 }, expanded: [0, 1] },
    'EditionsService',
  ),
];
