import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import type { GrpcCase, GrpcKind, Note } from './grpcCase.js';

type Message = Record<string, unknown>;

/** A handler that records the received message and answers with `answer`, or else with the received message. */
const exchange = (
  name: string,
  {
    sends,
    answer,
    service,
    method = 'Unary',
    bytes,
  }: {
    readonly sends?: Message;
    readonly answer?: Message;
    readonly service?: string;
    readonly method?: GrpcKind;
    readonly bytes?: Uint8Array;
  },
): GrpcCase => ({
  name,
  method,
  ...(service !== undefined && { service }),
  ...(sends && { sends: [sends] }),
  ...(bytes && { bytes }),
  handler: (call: ServerUnaryCall<Message, Message>, respond: sendUnaryData<Message>, note: Note) => {
    note(call.request);
    respond(null, answer ?? call.request);
  },
});

const money: Message = { currency: 'EUR', units: '9007199254740993' };

/** Messages of every kind, there and back. */
export const messageCases: readonly GrpcCase[] = [
  exchange('numbers at their limits', {
    sends: {
      number: -2147483648,
      signed: -2147483648,
      unsigned: 4294967295,
      large: '-9223372036854775808',
      huge: '18446744073709551615',
      fixed: '18446744073709551615',
      sfixed: -1,
      ratio: 1.7976931348623157e308,
      share: 0.5,
    },
  }),
  exchange('numbers that are none', { sends: { ratio: NaN, share: -Infinity } }),
  exchange('negative zero', { sends: { ratio: -0 } }),
  exchange('the default values, set', {
    sends: {
      text: '',
      number: 0,
      flag: false,
      ratio: 0,
      large: '0',
      level: 'LEVEL_UNSPECIFIED',
      raw: Buffer.alloc(0),
    },
  }),
  exchange('lists', {
    sends: {
      numbers: [0, -1, 2],
      texts: ['', 'a'],
      levels: ['LEVEL_HIGH', 'LEVEL_UNSPECIFIED'],
      raws: [Buffer.from([0]), Buffer.alloc(0)],
      children: [{}, { number: 0 }],
    },
  }),
  exchange('maps', {
    sends: {
      price: { a: money, '': {} },
      labels: { 1: 'one', '-2': '' },
      level_by_name: { x: 'LEVEL_HIGH', y: 'LEVEL_UNSPECIFIED' },
      raw_by_name: { b: Buffer.from([1, 2]) },
    },
  }),
  exchange('a map with a key that objects have', { sends: { price: { constructor: money, toString: {} } } }),
  exchange('a oneof at its default value', { sends: { right: 0 } }),
  exchange('a oneof with a message', { sends: { middle: {} } }),
  exchange('optional fields, set', { sends: { note: '', count: 0 } }),
  exchange('times and durations', {
    sends: { at: { seconds: '1704067261', nanos: 500000000 }, took: { seconds: '-1', nanos: -5 } },
  }),
  exchange('a time before 1970', { sends: { at: { seconds: '-1', nanos: 1 } } }),
  exchange('a struct', {
    sends: {
      extra: {
        fields: {
          list: {
            listValue: { values: [{ numberValue: 1 }, { nullValue: 'NULL_VALUE' }, { boolValue: false }] },
          },
          text: { stringValue: '' },
        },
      },
    },
  }),
  exchange('wrappers', { sends: { wrapped: { value: '0' }, maybe: { value: false } } }),
  exchange('a field mask', { sends: { mask: { paths: ['text', 'child.number'] } } }),
  exchange('an Any of a known type', {
    sends: { attached: { type_url: 'type.googleapis.com/kinds.v1.Price', value: Buffer.from([10, 1, 97]) } },
  }),
  exchange('an Any of an unknown type', {
    sends: { attached: { type_url: 'type.googleapis.com/no.such.Type', value: Buffer.from([10, 1, 97]) } },
  }),
  exchange('a number of no enum', { sends: { level: 7, levels: [1, 9] } }),
  exchange('names that an inner scope hides', { sends: { hidden: { inner: 'a' }, outer: { outside: 1 } } }),
  exchange('messages in messages', { sends: { child: { child: { child: { child: { text: 'deep' } } } } } }),
  exchange('unknown fields', {
    // Field 1 and field 2000, which the type does not have.
    bytes: Uint8Array.from([10, 1, 97, 0x82, 0x7d, 1, 98]),
  }),
  exchange('text that is not UTF-8', { bytes: Uint8Array.from([10, 2, 0xc3, 0x28]) }),
  exchange('text with lone surrogates and NUL', { sends: { text: '\u0000' }, answer: { text: 'a\ud800b' } }),
  exchange('64-bit numbers as numbers, bytes as text', { answer: { large: 5, huge: 7, raw: 'AAH/' } }),

  exchange('proto2: false where true is the default', {
    service: 'Proto2Service',
    sends: { n: 0, notify: false },
  }),
  exchange('proto2: defaults, set', {
    service: 'Proto2Service',
    sends: { n: 1, notify: true, text: 'none', mood: 'BAD', raw: Buffer.from('abc') },
  }),
  exchange('proto2: defaults, left out', { service: 'Proto2Service', sends: { n: 1 } }),
  exchange('proto2: values that are empty', {
    service: 'Proto2Service',
    sends: { n: 1, text: '', raw: Buffer.alloc(0), mood: 'GOOD' },
  }),
  exchange('proto2: groups', {
    service: 'Proto2Service',
    sends: { n: 1, details: { seen: false, size: '0' }, line: [{ item: 'a' }, {}] },
  }),
  exchange('proto2: packed and plain lists', {
    service: 'Proto2Service',
    sends: { n: 1, plain: [0, 1], packed: [0, 1] },
  }),
  exchange('proto2: extensions', {
    service: 'Proto2Service',
    sends: {
      n: 1,
      '.kinds.v1.remark': 'a',
      '.kinds.v1.marks': [1, 2],
      '.kinds.v1.Legacy.Scope.nested_note': { text: '' },
    },
  }),
  exchange('proto2: messages in messages', {
    service: 'Proto2Service',
    sends: { n: 1, child: { n: 0, notify: false }, by_name: { a: { n: 0 }, b: { n: 2, text: '' } } },
  }),
  exchange('proto2: a required field is missing', {
    service: 'Proto2Service',
    bytes: Uint8Array.from([16, 0]),
  }),
  exchange('proto2: options with custom options', {
    service: 'Proto2Service',
    method: 'Options',
    sends: { deprecated: false, map_entry: true, '.kinds.v1.message_note': { text: 'noted' } },
  }),
  exchange('editions: explicit, implicit and required at zero', {
    service: 'EditionsService',
    sends: { explicit: 0, implicit: 0, needed: 0 },
  }),
  exchange('editions: false where true is the default', {
    service: 'EditionsService',
    sends: { needed: 1, notify: false },
  }),
  exchange('editions: delimited messages and lists', {
    service: 'EditionsService',
    sends: { needed: 1, delimited: { needed: 0, explicit: 0 }, expanded: [0, 1], packed: [0, 1] },
  }),
];
