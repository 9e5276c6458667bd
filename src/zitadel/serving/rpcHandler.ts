import { create, fromBinary, toBinary, type DescMessage } from '@bufbuild/protobuf';
import { createConnectRouter, createContextKey, createContextValues } from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import type { AddRoutes } from './routes.js';
import { readBody, type NodeRequest, type NodeResponse } from './nodeMessages.js';

/** Marks a call whose bytes are no message: the runtime would end it as an error of the server. */
export const isMalformed = createContextKey(false, { description: 'the request is malformed' });

/** The framing of a message in a body: none, or a flag and its length. */
const framings: Readonly<Record<string, 'bare' | 'envelope'>> = {
  'application/proto': 'bare',
  'application/grpc': 'envelope',
  'application/grpc+proto': 'envelope',
  'application/grpc-web': 'envelope',
  'application/grpc-web+proto': 'envelope',
};
const envelopeBytes = 5;

function framingOf({ headers }: NodeRequest): 'bare' | 'envelope' | undefined {
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  return framings[type.trim().toLowerCase()];
}

function isMessage(type: DescMessage, bytes: Uint8Array): boolean {
  try {
    fromBinary(type, bytes);
    return true;
  } catch {
    return false;
  }
}

/** The body for the runtime, and whether the message in it was malformed. */
function checked(type: DescMessage, framing: 'bare' | 'envelope', body: Uint8Array) {
  const message = framing === 'bare' ? body : body.subarray(envelopeBytes);
  const isWhole =
    framing === 'bare' || (body[0] === 0 && Buffer.from(body).readUInt32BE(1) === message.length);
  // The runtime judges any other framing.
  if (!isWhole || isMessage(type, message)) return { body, malformed: false };
  const empty = toBinary(type, create(type));
  return { body: framing === 'bare' ? empty : new Uint8Array(envelopeBytes), malformed: true };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** Serves Connect, gRPC and gRPC-web. Finds the rpc of a path. */
export function createRpcHandler(addRoutes: AddRoutes, readLimit: number) {
  const router = createConnectRouter({
    // No decompression, so that a small body stays small.
    acceptCompression: [],
    readMaxBytes: readLimit,
    // A longer timer would fire at once.
    maxTimeoutMs: 2 ** 31 - 1,
  });
  addRoutes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));

  async function serve(
    handler: UniversalHandler,
    request: NodeRequest,
    response: NodeResponse,
  ): Promise<void> {
    const values = createContextValues();
    const universal = universalRequestFromNodeRequest(request, response, undefined, values);
    const framing = framingOf(request);
    if (framing === undefined || request.method !== 'POST') {
      await universalResponseToNodeResponse(await handler(universal), response);
      return;
    }
    const read = await readBody(request, readLimit + envelopeBytes);
    const { body, malformed } =
      read.length > readLimit + envelopeBytes || (framing === 'envelope' && read.length < envelopeBytes)
        ? { body: read, malformed: false }
        : checked(handler.method.input, framing, read);
    values.set(isMalformed, malformed);
    const header = new Headers(universal.header);
    if (malformed) header.delete('content-length');
    await universalResponseToNodeResponse(
      await handler({ ...universal, header, body: once(body) }),
      response,
    );
  }

  return { find: (path: string) => handlers.get(path), serve };
}
