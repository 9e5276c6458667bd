import { fromBinary, type DescMessage } from '@bufbuild/protobuf';
import {
  createConnectRouter,
  createContextKey,
  createContextValues,
  type HandlerContext,
} from '@connectrpc/connect';
import type { UniversalHandler, UniversalServerRequest } from '@connectrpc/connect/protocol';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import type { Admit } from '../calls/access.js';
import { rpcTable, type RpcName } from '../wire/rpcTable.js';
import { asServiceError } from '../wire/serviceError.js';
import type { ReadBody } from './readBody.js';
import { readMessageJSON } from './jsonBodies.js';
import { longestTimeoutMs, withBoundedTimeout } from './timeouts.js';
import { headersOf, type NodeRequest, type NodeResponse } from './nodeMessages.js';
import type { AddRoutes, Arrival } from './routes.js';

const arrivalKey = createContextKey<Arrival | undefined>(undefined, {
  description: 'what is known of a call',
});
/** The facts of a call that this handler has passed to Connect. */
export const arrivalOf = ({ values }: HandlerContext): Arrival | undefined => values.get(arrivalKey);

/** How a message stands in a body: alone, or after a flag and its length; in bytes, or in JSON. */
const framings: Readonly<Record<string, readonly ['bare' | 'envelope', 'bytes' | 'JSON']>> = {
  'application/proto': ['bare', 'bytes'],
  'application/json': ['bare', 'JSON'],
  'application/grpc': ['envelope', 'bytes'],
  'application/grpc+proto': ['envelope', 'bytes'],
  'application/grpc+json': ['envelope', 'JSON'],
  'application/grpc-web': ['envelope', 'bytes'],
  'application/grpc-web+proto': ['envelope', 'bytes'],
  'application/grpc-web+json': ['envelope', 'JSON'],
};
/** The flag and the length before a message of gRPC. */
export const envelopeBytes = 5;

function framingOf({ headers }: NodeRequest) {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return framings[type.trim().toLowerCase()];
}
type Framing = NonNullable<ReturnType<typeof framingOf>>;

/** A body of an empty message. */
function emptyBody([framing, coding]: Framing): Uint8Array {
  const message = Buffer.from(coding === 'JSON' ? '{}' : '');
  if (framing === 'bare') return message;
  const envelope = Buffer.alloc(envelopeBytes);
  envelope.writeUInt32BE(message.length, 1);
  return Buffer.concat([envelope, message]);
}

function isMessage(type: DescMessage, bytes: Uint8Array): boolean {
  try {
    fromBinary(type, bytes);
    return true;
  } catch {
    return false;
  }
}

/** Whether the bytes hold a message of another kind, or none. The runtime judges bodies with other framing. */
function isMalformed(type: DescMessage, [framing, coding]: Framing, body: Uint8Array): boolean {
  if (coding === 'JSON')
    return readMessageJSON(framing === 'bare' ? body : body.subarray(envelopeBytes)).problem !== undefined;
  if (framing === 'bare') return !isMessage(type, body);
  const message = body.subarray(envelopeBytes);
  const isWhole =
    body.length >= envelopeBytes && body[0] === 0 && Buffer.from(body).readUInt32BE(1) === message.length;
  return isWhole && !isMessage(type, message);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** The body for Connect: an empty message in place of a refused or malformed one. */
function readAs(
  universal: UniversalServerRequest,
  body: Uint8Array,
  isReplaced: boolean,
): UniversalServerRequest {
  const header = new Headers(universal.header);
  if (isReplaced)
    for (const name of ['content-length', 'content-encoding', 'grpc-encoding']) header.delete(name);
  return { ...universal, header, body: once(body) };
}

interface RpcHandling {
  readonly addRoutes: AddRoutes;
  readonly admit: Admit;
  readonly readBody: ReadBody;
  /** The largest body. Bytes. */
  readonly readLimit: number;
}

/** Serves Connect, gRPC and gRPC-web. Finds the rpc of a path. */
export function createRpcHandler({ addRoutes, admit, readBody, readLimit }: RpcHandling) {
  const router = createConnectRouter({
    // Accept no compression: a small body could unpack to a large one.
    acceptCompression: [],
    readMaxBytes: readLimit,
    maxTimeoutMs: longestTimeoutMs,
  });
  addRoutes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  async function arrive(request: NodeRequest, framing: Framing, { method }: UniversalHandler) {
    const empty = emptyBody(framing);
    try {
      const caller = await admit(headersOf(request), rpcTable[method.localName as RpcName].permission);
      const read = await readBody(request, caller.instanceID ?? '');
      const malformed = read.length <= readLimit + envelopeBytes && isMalformed(method.input, framing, read);
      return { body: malformed ? empty : read, arrival: { admitted: { caller }, isMalformed: malformed } };
    } catch (error) {
      const refusal = asServiceError(error);
      return { body: empty, arrival: { admitted: { refusal }, isMalformed: false } };
    }
  }

  async function serve(
    handler: UniversalHandler,
    request: NodeRequest,
    response: NodeResponse,
  ): Promise<void> {
    const values = createContextValues();
    const universal = withBoundedTimeout(
      universalRequestFromNodeRequest(request, response, undefined, values),
    );
    const framing = framingOf(request);
    if (framing === undefined || request.method !== 'POST') {
      // Connect refuses the call without reading its body.
      await universalResponseToNodeResponse(await handler(universal), response);
      return;
    }
    const { body, arrival } = await arrive(request, framing, handler);
    values.set(arrivalKey, arrival);
    const isReplaced = 'refusal' in arrival.admitted || arrival.isMalformed;
    await universalResponseToNodeResponse(await handler(readAs(universal, body, isReplaced)), response);
  }

  return { find: (path: string) => handlers.get(path), serve };
}
