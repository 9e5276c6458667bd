import { fromJson, toJson, type DescMessage, type JsonObject, type Message } from '@bufbuild/protobuf';
import { ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { ActionService as PublishedService } from '@zitadel/proto/zitadel/action/v2beta/action_service_pb.js';
import { ErrorDetailSchema } from '../../../src/zitadel/generated/error_detail_pb.js';
import { ActionService } from '../../../src/zitadel/generated/action_v2_pb.js';
import type { RpcName, Version } from '../../../src/zitadel/wire/rpcTable.js';
import { rest, transports } from '../clients.js';
import type { OpenedService } from '../openService.js';
import { surface } from './surface.js';
import { callByZitadelNode } from './zitadelNode.js';

/** The outcome of a call, over any protocol. */
export interface WireAnswer {
  /** A code of gRPC; 0 where it succeeded. */
  readonly code: number;
  readonly body: JsonObject;
  readonly message?: string;
  readonly detail?: { readonly id: string; readonly message: string };
}

/** A text field of an answer; empty where it is absent. */
export function textOf(item: JsonObject, field: string): string {
  const value = item[field] ?? '';
  if (typeof value === 'string') return value;
  throw new TypeError(`${field} is no text`);
}

/** One way to the service, with requests and answers in JSON of proto3. */
export interface Way {
  readonly name: string;
  readonly version: Version;
  /** Whether it knows public keys and types of payloads. */
  readonly hasKeys: boolean;
  /** Whether its errors show details. */
  readonly hasDetails: boolean;
  call(service: OpenedService, rpc: RpcName, request: JsonObject, token?: string): Promise<WireAnswer>;
}

/** Version 2 beta by the descriptor that ZITADEL publishes. */
const services = { v2: ActionService, v2beta: PublishedService } as const;

interface Method {
  readonly input: DescMessage;
  readonly output: DescMessage;
}
type Call = (request: Message) => Promise<Message>;

async function callBy(transport: Transport, version: Version, rpc: RpcName, request: JsonObject) {
  const service = services[version];
  const { input, output } = (service.method as Partial<Record<RpcName, Method>>)[rpc] as Method;
  const client = createClient(service, transport) as unknown as Readonly<Record<RpcName, Call>>;
  try {
    const answer = await client[rpc](fromJson(input, request));
    return { code: 0, body: toJson(output, answer) as JsonObject };
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const [detail] = error.findDetails(ErrorDetailSchema);
    return { code: error.code, body: {}, message: error.rawMessage, ...(detail && { detail }) };
  }
}

/** The path of an rpc, with its fields taken from the request. */
export function filledPath(path: string, request: JsonObject) {
  const body: Record<string, unknown> = { ...request };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, field: string) => {
    const value = textOf(request, field);
    Reflect.deleteProperty(body, field);
    return encodeURIComponent(value);
  });
  return { filled, body };
}

async function callByRest(
  service: OpenedService,
  version: Version,
  rpc: RpcName,
  [request, token]: readonly [JsonObject, string],
): Promise<WireAnswer> {
  const [verb, path] = surface[rpc].rest;
  const { filled, body } = filledPath(path, request);
  const answer = await rest(service, verb, `/${version}${filled}`, {
    token,
    ...((verb === 'POST' || verb === 'PUT') && { body }),
  });
  if (answer.status === 200) return { code: 0, body: answer.body as JsonObject };
  const { code, message, details } = answer.body as unknown as Readonly<{
    code: number;
    message: string;
    details: readonly { readonly id: string; readonly message: string }[];
  }>;
  const [detail] = details;
  return { code, body: {}, message, ...(detail && { detail: { id: detail.id, message: detail.message } }) };
}

const published = ['gRPC of @zitadel/client', 'gRPC-web of @zitadel/client'] as const;

const waysOf = (version: Version): readonly Way[] => {
  const has = { version, hasKeys: version === 'v2', hasDetails: true };
  return [
    ...published.map((name): Way => {
      const open = transports[name] as NonNullable<(typeof transports)[string]>;
      return {
        ...has,
        name,
        call: (service, rpc, request, token = 'all') => callBy(open(service, token), version, rpc, request),
      };
    }),
    {
      ...has,
      name: 'REST',
      call: (service, rpc, request, token = 'all') => callByRest(service, version, rpc, [request, token]),
    },
  ];
};

/** gRPC and gRPC-web by the published clients, and REST. */
export const ways: readonly Way[] = [
  ...waysOf('v2'),
  ...waysOf('v2beta'),
  {
    name: '@zitadel/node',
    version: 'v2',
    hasKeys: false,
    hasDetails: false,
    call: (service, rpc, request, token = 'all') => callByZitadelNode(service, rpc, [request, token]),
  },
];
