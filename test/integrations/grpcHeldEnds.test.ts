import {
  connectivityState,
  Server,
  status,
  type ClientOptions,
  type sendUnaryData,
  type ServerOptions,
  type ServerUnaryCall,
  type ServiceError,
} from '@grpc/grpc-js';
import { expect } from 'chai';
import { guardService } from '../../src/integrations/grpc/index.js';
import { refusal } from '../support/answers.js';
import { until } from '../support/conditions.js';
import { withDeadline } from '../support/deadlines.js';
import { openActions, type TargetSettings } from '../support/openActions.js';
import { connect, metadataOf } from './grpcServer.js';
import { asked, named } from './grpcStreaming.js';
import { loadOrders } from './loadOrders.js';

type Message = Record<string, unknown>;
type Call = ServerUnaryCall<Message, Message>;
type Handler = (call: Call, respond: sendUnaryData<Message>) => void;

/** How a call ended: its answer, or the code of its status. */
type Ending = Message | number;

interface Options {
  readonly server?: ServerOptions;
  readonly client?: ClientOptions;
  readonly handler?: Handler;
}

const answers: Handler = ({ request }, respond) => {
  respond(null, request);
};

/** A server whose calls have targets. */
async function openHeld(
  targets: Readonly<Partial<Record<'request' | 'response', TargetSettings>>>,
  { server: serverOptions = {}, client: clientOptions = {}, handler = answers }: Options = {},
) {
  const { actions, call } = await openActions();
  const endpoints = [];
  for (const [kind, target] of Object.entries(targets))
    endpoints.push(
      ...(await call(named(kind as 'request' | 'response', 'PlaceOrder'), { ...asked, ...target })),
    );
  const OrderService = loadOrders();
  const server = new Server(serverOptions);
  server.addService(
    OrderService.service,
    guardService(OrderService.service, { PlaceOrder: handler }, actions),
  );
  const client = await connect(server, OrderService, clientOptions);
  return {
    server,
    client,
    endpoints: endpoints.map((endpoint) => endpoint.server),
    place(message: Message = {}, options: object = {}) {
      let cancel = (): void => undefined;
      const ending = new Promise<Ending>((resolve) => {
        const made = client['PlaceOrder']?.(
          message,
          metadataOf({}),
          options,
          (error: ServiceError | null, reply: Message) => {
            resolve(error ? error.code : reply);
          },
        ) as { cancel(): void };
        cancel = () => {
          made.cancel();
        };
      });
      return { ending, cancel };
    },
    /** Ends only when no call is open. */
    shutDown: () =>
      new Promise<void>((resolve, reject) => {
        server.tryShutdown((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

/** Answers when the test says so. */
function whenTold() {
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => (tell = resolve));
  return {
    tell: () => {
      tell();
    },
    script: async () => {
      await told;
      return {};
    },
  };
}

for (const kind of ['request', 'response'] as const)
  describe(`a call of gRPC whose ${kind} is being judged`, () => {
    it('ends with its client, and the call to the target with it', async () => {
      const { endpoints, place, client, shutDown } = await openHeld({ [kind]: { script: 'never' } });
      const { ending, cancel } = place();
      await endpoints[0]!.whenReceived(1);
      cancel();
      expect(await ending).to.equal(1);
      await endpoints[0]!.whenIdle();
      client.close();
      await shutDown();
    });

    it('ends at its deadline, and the call to the target with it', async () => {
      await withDeadline(async (deadlineMs) => {
        const { endpoints, place, client, shutDown } = await openHeld({ [kind]: { script: 'never' } });
        const { ending } = place({}, { deadline: Date.now() + deadlineMs });
        expect(await ending).to.equal(4);
        const hasBegun = endpoints[0]!.received.length === 1;
        await endpoints[0]!.whenIdle();
        client.close();
        await shutDown();
        return hasBegun;
      });
    });

    it('ends when the server is shut down by force', async () => {
      const { endpoints, place, server } = await openHeld({ [kind]: { script: 'never' } });
      const { ending } = place();
      await endpoints[0]!.whenReceived(1);
      server.forceShutdown();
      expect(await ending).to.be.oneOf([1, 14]);
      await endpoints[0]!.whenIdle();
    });

    it('is answered while the server shuts down', async () => {
      const { tell, script } = whenTold();
      const { endpoints, place, shutDown } = await openHeld({ [kind]: { script } });
      const { ending } = place({ quantity: 3 });
      await endpoints[0]!.whenReceived(1);
      const down = shutDown();
      tell();
      expect(await ending).to.include({ quantity: 3 });
      await down;
    });

    it('is answered after the server said GOAWAY', async () => {
      const { tell, script } = whenTold();
      const { endpoints, place, client } = await openHeld(
        { [kind]: { script } },
        { server: { 'grpc.max_connection_age_ms': 100 } },
      );
      const { ending } = place({ quantity: 3 });
      await endpoints[0]!.whenReceived(1);
      const channel = client.getChannel();
      await until(() => channel.getConnectivityState(false) !== connectivityState.READY);
      tell();
      expect(await ending).to.include({ quantity: 3 });
      expect(await place({ quantity: 4 }).ending).to.include({ quantity: 4 });
      expect(endpoints[0]!.received).to.have.length(2);
    });

    it('is answered on a connection that both sides ping meanwhile', async () => {
      const pings = { 'grpc.keepalive_time_ms': 20, 'grpc.keepalive_timeout_ms': 10_000 };
      const { place } = await openHeld(
        { [kind]: { script: { delayMs: 300 } } },
        { server: pings, client: pings },
      );
      expect(await place({ quantity: 3 }).ending).to.include({ quantity: 3 });
    });
  });

const retrying = (...retryableStatusCodes: readonly string[]): ClientOptions => ({
  'grpc.service_config_disable_resolution': 1,
  'grpc.service_config': JSON.stringify({
    methodConfig: [
      {
        name: [{}],
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: '0.01s',
          maxBackoff: '0.01s',
          backoffMultiplier: 1,
          retryableStatusCodes,
        },
      },
    ],
  }),
});

describe('targets of a retried call of gRPC', () => {
  it('are called once for each attempt that reaches the server', async () => {
    let attempts = 0;
    const { endpoints, place } = await openHeld(
      { request: {}, response: {} },
      {
        client: retrying('UNAVAILABLE'),
        handler: (_call, respond) => {
          attempts++;
          if (attempts < 3) respond({ code: status.UNAVAILABLE, details: 'not yet' });
          else respond(null, { quantity: attempts });
        },
      },
    );
    expect(await place().ending).to.include({ quantity: 3 });
    expect(endpoints.map(({ received }) => received.length)).to.deep.equal([3, 1]);
  });

  it('are called once for each attempt that the targets refuse', async () => {
    const { endpoints, place } = await openHeld(
      { request: { script: refusal(429, 'too many') } },
      { client: retrying('RESOURCE_EXHAUSTED') },
    );
    expect(await place().ending).to.equal(8);
    expect(endpoints[0]!.received).to.have.length(3);
  });

  it('are called once for calls that the server first refused', async () => {
    const { endpoints, place } = await openHeld(
      { request: {}, response: {} },
      { server: { 'grpc.max_concurrent_streams': 2 } },
    );
    const endings = Array.from({ length: 20 }, (_, quantity) => place({ quantity }).ending);
    expect((await Promise.all(endings)).map((reply) => (reply as Message)['quantity'])).to.deep.equal(
      Array.from({ length: 20 }, (_, quantity) => quantity),
    );
    expect(endpoints.map(({ received }) => received.length)).to.deep.equal([20, 20]);
  });
});

describe('targets of a message of gRPC over the limit', () => {
  const item = 'a'.repeat(5_000);

  it('are not called for a request', async () => {
    const { endpoints, place } = await openHeld(
      { request: {}, response: {} },
      { server: { 'grpc.max_receive_message_length': 1_000 } },
    );
    expect(await place({ item }).ending).to.equal(8);
    expect(endpoints.map(({ received }) => received.length)).to.deep.equal([0, 0]);
  });

  it('do not keep a response that the targets enlarge from failing', async () => {
    const { endpoints, place } = await openHeld(
      { response: { script: { body: JSON.stringify({ orderId: item }) } } },
      { server: { 'grpc.max_send_message_length': 1_000 } },
    );
    expect(await place({}).ending).to.equal(8);
    expect(endpoints[0]!.received).to.have.length(1);
  });
});
