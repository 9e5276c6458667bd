import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type ClientReadableStream,
  type ClientWritableStream,
  type ServiceDefinition,
  type StatusObject,
} from '@grpc/grpc-js';
import { loadSync, type Options } from '@grpc/proto-loader';
import { setTimeout as wait } from 'node:timers/promises';
import { guardService } from '../../../../src/integrations/grpc/index.js';
import { closeAfterTest } from '../../../support/closings.js';
import { protos } from '../../../integrations/loadOrders.js';
import {
  catchingUnhandled,
  createNotebook,
  inChunks,
  settle,
  type Notebook,
  type Transcript,
  type Transcripts,
} from './compare.js';
import { openMode, type Mode } from './modes.js';

/** Notes what the handler sees. */
export type Note = (seen: unknown) => void;

export type GrpcKind = 'Unary' | 'Collect' | 'Watch' | 'Talk' | 'Options';

/** A handler as people write them, and the client that calls it. */
export interface GrpcCase {
  readonly name: string;
  /** @defaultValue Proto3Service */
  readonly service?: string;
  readonly method: GrpcKind;
  // Each kind of call has an interface of its own.
  readonly handler: (call: never, respond: never, note: Note) => unknown;
  /** Messages of the client. @defaultValue one without fields */
  readonly sends?: readonly object[];
  /** Sent as it is, in place of `sends`. */
  readonly bytes?: Uint8Array;
  readonly metadata?: Readonly<Record<string, string | Buffer>>;
  /** Milliseconds. */
  readonly deadline?: number;
  /** When the client cancels: after so many messages that it received. */
  readonly cancelAfter?: number;
  /** When the client cancels: after its handler noted so much. */
  readonly cancelOnNote?: number;
  /** Whether the client ends its messages. @defaultValue true */
  readonly halfCloses?: boolean;
  /** Milliseconds until the client gives the call up. */
  readonly boundMs?: number;
}

const usual: Options = { longs: String, enums: String, keepCase: true };

function load(name: string, options: Options): ServiceDefinition {
  const files = ['proto2', 'proto3', 'editions'].map((file) => `kinds/v1/${file}.proto`);
  return loadSync(files, { includeDirs: [protos], ...usual, ...options })[
    `kinds.v1.${name}`
  ] as ServiceDefinition;
}

const identity = (bytes: Buffer): Buffer => bytes;

const shownMetadata = (metadata: Metadata | undefined): unknown => {
  const { date: _date, ...rest } = metadata?.toJSON() ?? {};
  return Object.fromEntries(
    Object.entries(rest).map(([name, values]) => [name, values.map((value) => value.toString('base64'))]),
  );
};

type Started = ClientReadableStream<Buffer> & ClientWritableStream<Buffer>;

function start(
  client: Client,
  path: string,
  { requestStream, responseStream }: ServiceDefinition[string],
  parts: {
    readonly first: Buffer;
    readonly metadata: Metadata;
    readonly options: object;
    readonly answer: Note;
  },
): Started {
  const { first, metadata, options, answer } = parts;
  const callback = (_error: unknown, value?: Buffer) => {
    if (value) answer(['message', value.toString('hex')]);
  };
  if (requestStream && responseStream)
    return client.makeBidiStreamRequest(path, identity, identity, metadata, options);
  if (requestStream)
    return client.makeClientStreamRequest(
      path,
      identity,
      identity,
      metadata,
      options,
      callback,
    ) as unknown as Started;
  if (responseStream)
    return client.makeServerStreamRequest(
      path,
      identity,
      identity,
      first,
      metadata,
      options,
    ) as unknown as Started;
  return client.makeUnaryRequest(
    path,
    identity,
    identity,
    first,
    metadata,
    options,
    callback,
  ) as unknown as Started;
}

/** Calls a handler and notes all that comes back. */
async function drive(
  client: Client,
  given: GrpcCase,
  definition: ServiceDefinition[string],
  notes: Notebook,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  const messages = given.bytes
    ? [Buffer.from(given.bytes)]
    : (given.sends ?? [{}]).map((message) => definition.requestSerialize(message));
  const metadata = new Metadata();
  for (const [name, value] of Object.entries({ ...given.metadata, 'x-case': given.name }))
    metadata.set(name, value);
  const options = given.deadline === undefined ? {} : { deadline: Date.now() + given.deadline };
  let received = 0;
  const call = start(client, definition.path, definition, {
    first: messages[0] ?? Buffer.alloc(0),
    metadata,
    options,
    answer: (message) => seen.push(message),
  });
  const ended = new Promise<void>((resolve) => {
    call.on('metadata', (sent: Metadata) => seen.push(['metadata', shownMetadata(sent)]));
    call.on('status', ({ code, details, metadata: trailer }: StatusObject) => {
      // Either side may notice a deadline first, and each says it differently.
      seen.push([
        'status',
        code,
        ...(code === status.DEADLINE_EXCEEDED ? [] : [details, shownMetadata(trailer)]),
      ]);
      resolve();
    });
  });
  call.on('error', () => undefined);
  if (definition.responseStream)
    call.on('data', (message: Buffer) => {
      seen.push(['message', message.toString('hex')]);
      received++;
      if (received === given.cancelAfter) call.cancel();
    });
  if (definition.requestStream) {
    for (const message of messages) call.write(message);
    if (given.halfCloses !== false) call.end();
  }
  if (given.cancelOnNote !== undefined) {
    await notes.until(given.name, given.cancelOnNote);
    call.cancel();
  }
  const isEnded = await Promise.race([
    ended.then(() => true),
    wait(given.boundMs ?? boundMs, false, { ref: false }),
  ]);
  if (!isEnded) {
    // Of a call that hangs, the metadata may be there when it is given up, or not yet.
    seen.splice(0, seen.length, ...seen.filter((what) => !Array.isArray(what) || what[0] !== 'metadata'));
    seen.push('never ended');
    call.cancel();
    await ended;
  }
  return seen;
}

async function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(`127.0.0.1:${port}`);
    });
  });
}

/** How long a call may take until the client gives it up. Milliseconds. */
const boundMs = 5_000;

/** Runs handlers bare, or guarded in a mode. */
export async function runGrpc(
  cases: readonly GrpcCase[],
  guarded?: { readonly mode: Mode; readonly bare: Transcripts },
  options: Options = {},
): Promise<Transcripts> {
  const { mode, bare } = guarded ?? {};
  const opened = mode && (await openMode(mode));
  const server = new Server();
  const notes = createNotebook();
  const unhandled: string[] = [];
  const services = new Map<string, ServiceDefinition>();
  for (const service of new Set(cases.map((each) => each.service ?? 'Proto3Service'))) {
    const definition = load(service, options);
    services.set(service, definition);
    const handlers = Object.fromEntries(
      Object.keys(definition).map((method) => [
        method,
        (call: { readonly metadata: Metadata }, respond: unknown) => {
          const name = String(call.metadata.get('x-case')[0]);
          const found = cases.find((each) => each.name === name);
          const note: Note = (seen) => {
            notes.note(name, seen);
          };
          return (found?.handler as ((...sent: unknown[]) => unknown) | undefined)?.(call, respond, note);
        },
      ]),
    );
    server.addService(definition, opened ? guardService(definition, handlers, opened.actions) : handlers);
  }
  const address = await listen(server);
  const client = new Client(address, credentials.createInsecure());
  closeAfterTest(() => {
    client.close();
    server.forceShutdown();
  });
  const transcripts = new Map<string, Transcript>();
  await catchingUnhandled(
    (reason) => unhandled.push(String(reason)),
    () =>
      inChunks(cases, async (given) => {
        const definition = services.get(given.service ?? 'Proto3Service')?.[given.method];
        if (!definition) throw new Error(`there is no ${given.method}`);
        const seen = await drive(client, given, definition, notes);
        await settle(notes, given.name, bare);
        transcripts.set(given.name, { client: seen, handler: notes.of(given.name) });
      }),
  );
  transcripts.set('what no handler catches', { client: [], handler: unhandled.sort() });
  client.close();
  // Ends only when no call is left open.
  await new Promise<void>((resolve, reject) => {
    server.tryShutdown((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  return transcripts;
}
