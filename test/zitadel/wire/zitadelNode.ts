import {
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type JsonObject,
} from '@bufbuild/protobuf';
import { createAccessTokenInterceptor } from '@zitadel/node/dist/api/interceptors.js';
import { ActionServiceDefinition } from '@zitadel/node/dist/api/generated/zitadel/action/v2/action_service.js';
import { ClientError, createChannel, createClientFactory } from 'nice-grpc';
import { ActionService } from '../../../src/zitadel/generated/action_v2_pb.js';
import type { RpcName } from '../../../src/zitadel/wire/rpcTable.js';
import type { OpenedService } from '../openService.js';
import type { WireAnswer } from './ways.js';

interface Coder {
  decode(bytes: Uint8Array): unknown;
  encode(message: unknown): { finish(): Uint8Array };
}
interface Coders {
  readonly requestType: Coder;
  readonly responseType: Coder;
}
type Client = Readonly<Record<RpcName, (request: unknown) => Promise<unknown>>>;

/** One call by the client of `@zitadel/node`; the request and the answer pass through its types. */
export async function callByZitadelNode(
  { h2 }: OpenedService,
  rpc: RpcName,
  [request, token]: readonly [JsonObject, string],
): Promise<WireAnswer> {
  const { input, output } = ActionService.method[rpc] as {
    readonly input: DescMessage;
    readonly output: DescMessage;
  };
  const { requestType, responseType } = (
    ActionServiceDefinition.methods as unknown as Record<RpcName, Coders>
  )[rpc];
  const channel = createChannel(h2);
  const client = createClientFactory()
    .use(createAccessTokenInterceptor(token))
    .create(ActionServiceDefinition, channel) as unknown as Client;
  try {
    const answer = await client[rpc](requestType.decode(toBinary(input, fromJson(input, request))));
    const message = fromBinary(output, responseType.encode(answer).finish());
    return { code: 0, body: toJson(output, message) as JsonObject };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { code: error.code, body: {}, message: error.details };
  } finally {
    channel.close();
  }
}
