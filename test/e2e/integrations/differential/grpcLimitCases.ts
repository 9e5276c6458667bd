import {
  compressionAlgorithms,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { deflateSync, gzipSync } from 'node:zlib';
import { metadataOf } from '../../../integrations/grpcServer.js';
import type { GrpcCase, GrpcSetup, Note } from './grpcCase.js';
import { watchCancel, type Message, type Respond } from './grpcUnaryCases.js';
import { frame } from './grpcWire.js';

type Unary = ServerUnaryCall<Message, Message>;

const long = { text: 'a'.repeat(5_000) };
const short = { text: 'a' };
const lengthOf = ({ text }: Message): number => String(text).length;

/** Answers with the received message. */
function answers(call: Unary, respond: Respond, note: Note): void {
  note([lengthOf(call.request), Object.keys(call.metadata.getMap())]);
  respond(null, call.request, metadataOf({ 'x-trailer': 'one' }));
}

function sums(call: ServerReadableStream<Message, Message>, respond: Respond, note: Note): void {
  watchCancel(call, note);
  let length = 0;
  call.on('data', (message: Message) => {
    note(lengthOf(message));
    length += lengthOf(message);
  });
  call.on('end', () => {
    note('end');
    respond(null, { number: length });
  });
}

function lists(call: ServerWritableStream<Message, Message>, _respond: unknown, note: Note): void {
  call.on('cancelled', () => {
    note('cancelled');
  });
  call.sendMetadata(metadataOf({ 'x-head': 'one' }));
  for (const message of [short, long, short]) call.write(message);
  call.end(metadataOf({ 'x-trailer': 'one' }));
}

function echoes(call: ServerDuplexStream<Message, Message>, _respond: unknown, note: Note): void {
  call.on('cancelled', () => {
    note('cancelled');
  });
  call.on('data', (message: Message) => {
    note(lengthOf(message));
    call.write(message);
  });
  call.on('end', () => {
    call.end(metadataOf({ 'x-trailer': 'one' }));
  });
}

/** The four kinds of methods under one setup. */
const ofEachKind = (what: string, setup: GrpcSetup): readonly GrpcCase[] => [
  { name: `${what}: unary`, method: 'Unary', handler: answers, sends: [long], setup },
  {
    name: `${what}: a stream of requests`,
    method: 'Collect',
    handler: sums,
    sends: [short, long, short],
    isPaced: true,
    setup,
  },
  { name: `${what}: a stream of responses`, method: 'Watch', handler: lists, setup },
  { name: `${what}: both ways`, method: 'Talk', handler: echoes, sends: [short, long], isPaced: true, setup },
];

const { gzip, deflate } = compressionAlgorithms;

/** Compressed messages, and messages over a limit of bytes. */
export const limitCases: readonly GrpcCase[] = [
  ...ofEachKind('gzip', { client: { 'grpc.default_compression_algorithm': gzip } }),
  ...ofEachKind('deflate', { client: { 'grpc.default_compression_algorithm': deflate } }),
  ...ofEachKind('more than the server takes', {
    server: () => ({ 'grpc.max_receive_message_length': 1_000 }),
  }),
  ...ofEachKind('more than the server sends', { server: () => ({ 'grpc.max_send_message_length': 1_000 }) }),
  ...ofEachKind('more than the client takes', { client: { 'grpc.max_receive_message_length': 1_000 } }),
  ...ofEachKind('more than the client sends', { client: { 'grpc.max_send_message_length': 1_000 } }),
  ...ofEachKind('small when compressed, and more than the server takes', {
    server: () => ({ 'grpc.max_receive_message_length': 1_000 }),
    client: { 'grpc.default_compression_algorithm': gzip },
  }),
];

const wire = (
  name: string,
  frames: readonly Buffer[],
  headers: Readonly<Record<string, string>> = {},
  method: 'Unary' | 'Collect' = 'Unary',
): GrpcCase => ({
  name: `on the wire: ${name}`,
  method,
  handler: method === 'Unary' ? answers : sums,
  wire: { frames, headers },
  isPaced: method === 'Collect' && frames.length > 1,
});

/** The text `a` in the first field. */
const message = Buffer.from([10, 1, 97]);
const gzipped = frame(gzipSync(message), true);

/** Bytes that clients of other languages send, and bytes that no client should send. */
export const wireCases: readonly GrpcCase[] = [
  wire('a message in gzip', [gzipped], { 'grpc-encoding': 'gzip' }),
  wire(
    'compressed messages between plain ones',
    [frame(message), gzipped, frame(message)],
    { 'grpc-encoding': 'gzip' },
    'Collect',
  ),
  wire('an encoding that the server does not know', [gzipped], { 'grpc-encoding': 'snappy' }),
  wire('an encoding that is not the one named', [frame(deflateSync(message), true)], {
    'grpc-encoding': 'gzip',
  }),
  wire('a compressed message without an encoding', [gzipped]),
  wire('bytes of gzip that are cut off', [frame(gzipSync(message).subarray(0, 12), true)], {
    'grpc-encoding': 'gzip',
  }),
  wire('no message', []),
  wire('two messages where one is due', [frame(message), frame(message)]),
  wire('a message that is cut off', [frame(message).subarray(0, 6)]),
  wire(
    'a message in pieces of one byte',
    Array.from(frame(message), (byte) => Buffer.from([byte])),
  ),
  wire('two messages in one piece', [Buffer.concat([frame(message), frame(message)])], {}, 'Collect'),
  wire('a length that no message has', [Buffer.from([0, 255, 255, 255, 255])]),
  wire(
    'a message that cannot be read, in a stream',
    [frame(message), frame(Buffer.from([10, 255]))],
    {},
    'Collect',
  ),
  wire('a timeout that is none', [frame(message)], { 'grpc-timeout': 'soon' }),
  wire('metadata in base64 that is none', [frame(message)], { 'x-data-bin': '%%%' }),
  wire('a name that only browsers send', [frame(message)], { origin: 'http://localhost', cookie: 'a=b' }),
];

const names = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-name-${index}`, String(index)]));
const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256));

const sees = (call: Unary, respond: Respond, note: Note): void => {
  note(Object.entries(call.metadata.getMap()).map(([name, value]) => [name, value.length]));
  respond(null, {});
};

const heavy = (
  name: string,
  metadata: Readonly<Record<string, string>>,
  handler: (call: Unary, respond: Respond, note: Note) => void = sees,
): GrpcCase => ({
  name: `metadata: ${name}`,
  method: 'Unary',
  handler,
  metadata,
  // Each case has a connection of its own, since some break it.
  setup: {},
});

/** Large metadata, in both directions. */
export const metadataCases: readonly GrpcCase[] = [
  heavy('100 names', names(100)),
  heavy('more names than the server takes', names(200)),
  heavy('a value of 30 000 characters', { 'x-long': 'a'.repeat(30_000) }),
  heavy('more than the server takes', { 'x-long': 'a'.repeat(100_000) }),
  {
    ...heavy('bytes', {}, (call, respond, note) => {
      note(call.metadata.get('x-data-bin').map(String));
      call.sendMetadata(call.metadata.clone());
      respond(null, {}, call.metadata.clone());
    }),
    metadata: { 'x-data-bin': bytes, 'x-none-bin': Buffer.alloc(0) },
  },
  heavy('100 names back', {}, (call, respond) => {
    call.sendMetadata(metadataOf(names(100)));
    respond(null, {}, metadataOf(names(100)));
  }),
  heavy('more names back than the client takes', {}, (call, respond) => {
    call.sendMetadata(metadataOf(names(200)));
    respond(null, {});
  }),
  heavy('a trailer of 30 000 characters', {}, (_call, respond) => {
    respond(null, {}, metadataOf({ 'x-long': 'a'.repeat(30_000) }));
  }),
  heavy('more back than the client takes', {}, (call, respond) => {
    call.sendMetadata(metadataOf({ 'x-long': 'a'.repeat(100_000) }));
    respond(null, {});
  }),
  heavy('names that gRPC keeps for itself', {}, (call, respond) => {
    call.sendMetadata(
      metadataOf({ 'grpc-encoding': 'gzip', 'grpc-accept-encoding': 'none', 'x-head': 'one' }),
    );
    respond(null, short, metadataOf({ 'grpc-message': 'mine' }));
  }),
];
