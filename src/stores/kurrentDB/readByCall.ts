import { Readable } from 'node:stream';
import type {
  AllRead,
  ClientRead,
  ReadRequest,
  StreamRead,
  StreamsClient,
  Subscription,
} from '../grpcClient/client/streamsClient.js';
import { onStandIn } from './standIn.js';

/** The members that are used here of the client's message for reads and subscriptions. */
interface ReadOptions {
  setCount(count: string): unknown;
  setReadDirection(direction: 0 | 1): unknown;
}

interface GRPCClient {
  read(request: { getOptions(): ReadOptions }, ...rest: readonly unknown[]): unknown;
}

type StreamCreator = (
  service: unknown,
  name: string,
  create: (client: GRPCClient) => unknown,
  cache?: unknown,
) => unknown;

/**
 * Reads over the connection of the client's appends and subscriptions. The client's own reads use a native bridge with a
 * second connection, which never recovers where the node was down at the first read or the leader has changed.
 *
 * The protocol has one call for reads and subscriptions, which differ in two options. The function opens the client's
 * subscription on a stand-in that replaces these two options in the request.
 */
export function readStreamByCall(client: StreamsClient, stream: string, request: StreamRead): ClientRead {
  const { fromRevision, ...rest } = request;
  return (
    recast(client, request, 'subscribeToStream', stream, { ...callOptions(rest), fromRevision }) ??
    bridged(client.readStream(stream, request))
  );
}

/** As {@link readStreamByCall}, for `$all`. */
export function readAllByCall(client: StreamsClient, request: AllRead): ClientRead {
  const { fromPosition, ...rest } = request;
  return (
    recast(client, request, 'subscribeToAll', { ...callOptions(rest), fromPosition }) ??
    bridged(client.readAll(request))
  );
}

const callOptions = ({ credentials, requiresLeader }: ReadRequest) => ({ credentials, requiresLeader });

/** Returns `undefined` for a version of the client that opens subscriptions in another way. */
function recast(
  client: StreamsClient,
  { direction, maxCount = Number.MAX_SAFE_INTEGER }: ReadRequest,
  method: 'subscribeToStream' | 'subscribeToAll',
  ...values: readonly unknown[]
): ClientRead | undefined {
  const creator = (client as { readonly GRPCStreamCreator?: unknown }).GRPCStreamCreator;
  if (typeof creator !== 'function') return undefined;
  const open = creator as StreamCreator;
  const recasting = { isDone: false };
  const GRPCStreamCreator: StreamCreator = (service, name, create, cache) => {
    recasting.isDone = true;
    const read = (grpc: GRPCClient): GRPCClient => ({
      read(request, ...rest) {
        const options = request.getOptions();
        // The count replaces the subscription: both are alternatives of one field.
        options.setCount(String(maxCount));
        options.setReadDirection(direction === 'backwards' ? 1 : 0);
        return grpc.read(request, ...rest);
      },
    });
    return open(service, name, (grpc) => create(read(grpc)), cache);
  };
  const events = onStandIn(client, method, { GRPCStreamCreator }, ...values) as Subscription;
  const cancel = () => {
    events.unsubscribe().catch(() => undefined);
  };
  if (recasting.isDone) return { events, cancel };
  cancel();
  return undefined;
}

function bridged(opened: unknown): ClientRead {
  const events = Readable.from(opened as AsyncIterable<unknown>, { objectMode: true });
  return {
    events,
    cancel: () => {
      events.destroy();
    },
  };
}
