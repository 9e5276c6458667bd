import {
  Metadata,
  status,
  type Client,
  type ClientReadableStream,
  type ClientWritableStream,
  type ServiceDefinition,
  type StatusObject,
} from '@grpc/grpc-js';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Notebook } from './compare.js';
import type { GrpcCase, Note } from './grpcCase.js';

/** How long a call may take until the client gives it up. Milliseconds. */
const boundMs = 5_000;

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

/** Calls a handler and records the whole answer. */
export async function drive(
  client: Client,
  given: GrpcCase,
  definition: ServiceDefinition[string],
  { notes, isBare }: { readonly notes: Notebook; readonly isBare: boolean },
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
      // Either side may notice a deadline first, with its own message.
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
    for (const [index, message] of messages.entries()) {
      call.write(message);
      if (!given.isPaced) continue;
      const isTaken = definition.responseStream ? once(call, 'data') : notes.until(given.name, index + 1);
      await Promise.race([isTaken, ended]);
    }
    if (given.halfCloses !== false) call.end();
  }
  if (given.cancelOnNote !== undefined) {
    await notes.until(given.name, given.cancelOnNote);
    call.cancel();
  }
  const bound = (isBare ? given.bareBoundMs : undefined) ?? given.boundMs ?? boundMs;
  const isEnded = await Promise.race([ended.then(() => true), wait(bound, false, { ref: false })]);
  if (!isEnded) {
    // The metadata of a hanging call may or may not have arrived when the client gives the call up.
    seen.splice(0, seen.length, ...seen.filter((what) => !Array.isArray(what) || what[0] !== 'metadata'));
    seen.push('never ended');
    call.cancel();
    await ended;
  }
  return seen;
}
