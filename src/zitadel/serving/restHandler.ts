import {
  createRegistry,
  fromJson,
  toJson,
  type JsonObject,
  type JsonValue,
  type Message,
} from '@bufbuild/protobuf';
import { anyPack, AnySchema } from '@bufbuild/protobuf/wkt';
import type { ConnectError } from '@connectrpc/connect';
import { Code } from '@connectrpc/connect';
import { ErrorDetailSchema } from '../generated/error_detail_pb.js';
import type { Admit } from '../calls/access.js';
import { isObject } from '../../lib/json/isObject.js';
import { methodOf, type Invoke } from '../calls/invoke.js';
import { rpcTable } from '../wire/rpcTable.js';
import { asServiceError, malformedRequest, serviceError } from '../wire/serviceError.js';
import { sendJSON } from './answers.js';
import { headersOf, type NodeRequest, type NodeResponse } from './nodeMessages.js';
import type { ReadBody } from './readBody.js';
import { readMessageJSON } from './jsonBodies.js';
import type { RestMatch } from './restRoutes.js';

/** The HTTP statuses that grpc-gateway answers for the codes. */
const statuses: Readonly<Record<number, number>> = {
  [Code.Canceled]: 499,
  [Code.InvalidArgument]: 400,
  [Code.DeadlineExceeded]: 504,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.PermissionDenied]: 403,
  [Code.ResourceExhausted]: 429,
  [Code.FailedPrecondition]: 400,
  [Code.Aborted]: 409,
  [Code.Unimplemented]: 501,
  [Code.Unavailable]: 503,
  [Code.Unauthenticated]: 401,
};

/** The HTTP status of an error. */
export const statusOf = ({ code }: ConnectError): number => statuses[code] ?? 500;

const registry = createRegistry(ErrorDetailSchema);

/** `{ code, message, details }`, as grpc-gateway writes it. */
export function sendError(response: NodeResponse, error: ConnectError): void {
  const details = error
    .findDetails(ErrorDetailSchema)
    .map((detail) => toJson(AnySchema, anyPack(ErrorDetailSchema, detail), { registry }));
  sendJSON(response, statusOf(error), { code: error.code, message: error.rawMessage, details });
}

function jsonOf(bytes: Uint8Array, limit: number): JsonObject {
  if (bytes.length > limit)
    throw serviceError(
      Code.ResourceExhausted,
      'Errors.Request.TooLarge',
      'ACTIONS-RequestTooLarge',
      `the body is longer than ${limit} bytes`,
    );
  const read = readMessageJSON(bytes);
  if (read.problem !== undefined) throw malformedRequest(read.problem);
  if (!isObject(read.value)) throw malformedRequest('the body is not a JSON object');
  return read.value as JsonObject;
}

/** Both spellings of a field that the path sets. */
const spellings = (name: string): readonly string[] => [
  name,
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
];

function requestOf({ version, rpc, fields }: RestMatch, body: Record<string, JsonValue>): Message {
  for (const [name, value] of Object.entries(fields)) {
    for (const spelling of spellings(name)) Reflect.deleteProperty(body, spelling);
    body[name] = value;
  }
  try {
    return fromJson(methodOf(version, rpc).input, body, { ignoreUnknownFields: true });
  } catch (error) {
    throw malformedRequest(error instanceof Error ? error.message : 'the body has a field of another type');
  }
}

interface RestHandling {
  readonly admit: Admit;
  readonly invoke: Invoke;
  readonly readBody: ReadBody;
  /** The largest body. Bytes. */
  readonly readLimit: number;
}

/** Serves one rpc as grpc-gateway does: JSON without defaults, unknown fields discarded. */
export async function serveRest(
  request: NodeRequest,
  response: NodeResponse,
  match: RestMatch,
  { admit, invoke, readBody, readLimit }: RestHandling,
): Promise<void> {
  try {
    const { version, rpc } = match;
    const { permission, hasBody } = rpcTable[rpc];
    const caller = await admit(headersOf(request), permission);
    const body = hasBody ? jsonOf(await readBody(request, caller.instanceID ?? ''), readLimit) : {};
    const answer = await invoke({ version, rpc, caller, request: requestOf(match, body) });
    sendJSON(response, 200, toJson(methodOf(version, rpc).output, answer));
  } catch (error) {
    sendError(response, asServiceError(error));
  }
}
