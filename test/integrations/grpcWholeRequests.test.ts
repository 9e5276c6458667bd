import { Client, loadPackageDefinition, Server, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type Options } from '@grpc/proto-loader';
import { expect } from 'chai';
import { guardService } from '../../src/integrations/grpc/index.js';
import { bodies, json } from '../support/answers.js';
import { openActions, type TargetSettings } from '../support/openActions.js';
import { connect } from './grpcServer.js';
import { asked } from './grpcStreaming.js';
import { protos, type loadOrders } from './loadOrders.js';

type Message = Record<string, unknown>;

/** The bytes of a message, by fields as they follow each other on the wire. */
const length = (number: number, ...content: readonly (Buffer | string)[]): Buffer => {
  const bytes = Buffer.concat(content.map((each) => Buffer.from(each)));
  return Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), bytes]);
};
const varint = (number: number, value: number): Buffer => Buffer.from([number * 8, value]);
const fixed64 = (number: number, value: bigint): Buffer => {
  const bytes = Buffer.alloc(9, number * 8 + 1);
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
};

async function open(settings: TargetSettings, kind: 'request' | 'response', options: Options = {}) {
  const loaded = loadPackageDefinition(
    loadSync('kinds/v1/whole.proto', { includeDirs: [protos], longs: String, ...options }),
  );
  const { WholeService } = (
    loaded['kinds'] as unknown as {
      v1: { WholeService: ReturnType<typeof loadOrders> & { service: ServiceDefinition } };
    }
  ).v1;
  const { actions, call } = await openActions();
  const [endpoint] = await call({ [kind]: { all: true } } as never, settings);
  const seen: Message[] = [];
  let reply: Message = {};
  const server = new Server();
  const { service } = WholeService;
  server.addService(
    service,
    guardService(
      service,
      {
        Unary(unary: { request: Message }, respond: (error: null, message: Message) => void) {
          seen.push(unary.request);
          respond(null, reply);
        },
      },
      actions,
    ),
  );
  const client = await connect(server, WholeService);
  return {
    seen,
    judged: () => bodies(endpoint!.server).map(({ request, response }) => response ?? request),
    replyWith: (message: Message) => (reply = message),
    /** Sends bytes unchanged, and returns the bytes of the answer; rejects with gRPC's error. */
    send: (...bytes: readonly Buffer[]): Promise<Buffer> =>
      new Promise((resolve, reject) => {
        Client.prototype.makeUnaryRequest.call(
          client,
          '/kinds.v1.WholeService/Unary',
          (message) => message as Buffer,
          (message: Buffer) => message,
          Buffer.concat(bytes),
          (error, value) => {
            if (error) reject(error);
            else resolve(value as Buffer);
          },
        );
      }),
  };
}

describe('a request of gRPC', () => {
  const shown: readonly (readonly [string, readonly Buffer[], Message])[] = [
    [
      'both keys of a map of bool',
      [length(4, varint(1, 1), length(2, 'on')), length(4, varint(1, 0), length(2, 'off'))],
      { switches: { true: 'on', false: 'off' } },
    ],
    [
      '64-bit keys of a map',
      [
        length(5, varint(1, 1), length(2, 'a')),
        length(5, Buffer.from([8, ...Array<number>(9).fill(255), 1]), length(2, 'b')),
      ],
      { signed: { '1': 'a', '-1': 'b' } },
    ],
    [
      'keys without a sign, and maps within them',
      [length(6, fixed64(1, 2n ** 64n - 1n), length(2, length(4, varint(1, 0), length(2, 'off'))))],
      { unsigned: { '18446744073709551615': { switches: { false: 'off' } } } },
    ],
    [
      'maps within lists, maps and members of a oneof',
      [
        length(7, length(4, varint(1, 0), length(2, 'x'))),
        length(8, length(1, 'k'), length(2, length(4, varint(1, 0), length(2, 'y')))),
        length(3, length(4, varint(1, 0), length(2, 'z'))),
      ],
      {
        within: { switches: { false: 'z' } },
        list: [{ switches: { false: 'x' } }],
        named: { k: { switches: { false: 'y' } } },
      },
    ],
  ];
  for (const options of [{}, { keepCase: true, defaults: true, oneofs: true, arrays: true, objects: true }])
    for (const [what, bytes, request] of shown)
      it(`is judged as the handler reads it, with ${what}, loaded with ${JSON.stringify(options)}`, async () => {
        const { seen, judged, send } = await open(asked, 'request', options);
        await send(...bytes);
        expect(judged()).to.deep.equal([request]);
        expect(seen).to.have.length(1);
      });

  const severalMembers: readonly (readonly [string, readonly Buffer[]])[] = [
    ['of its own', [varint(2, 5), length(1, 'hidden')]],
    ['of its own in the other order', [length(1, 'hidden'), varint(2, 5)]],
    ['of a message in a list', [length(7, varint(2, 5), length(1, 'hidden'))]],
    ['of a message in a map', [length(8, length(1, 'k'), length(2, varint(2, 5), length(1, 'hidden')))]],
    ['of a google.protobuf.Value', [length(9, length(3, 'hidden'), varint(4, 1))]],
  ];
  for (const [where, bytes] of severalMembers) {
    it(`is refused where it sends two members of a oneof ${where}`, async () => {
      const { seen, judged, send } = await open(asked, 'request');
      const error = await send(...bytes).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(error).to.include({ code: 9 });
      expect(seen).to.deep.equal([]);
      expect(judged()).to.deep.equal([]);
    });

    it(`passes an observing target unjudged where it sends two members ${where}`, async () => {
      const { seen, judged, send } = await open({ ...asked, enforcement: 'observe' }, 'request');
      await send(...bytes);
      expect(JSON.stringify(seen)).to.include('hidden');
      expect(judged()).to.deep.equal([]);
    });
  }

  it('reaches the handler after an amendment with its keys as proto-loader reads them', async () => {
    const { seen, send } = await open({ ...asked, script: () => json({ signed: { '1': 'a' } }) }, 'request');
    await send(length(10, 'x'));
    expect(seen).to.deep.equal([{ signed: { '\u0001\0\0\0\0\0\0\0': 'a' } }]);
  });
});

describe('an amended response of gRPC', () => {
  it('is sent with both keys of a map of bool', async () => {
    const amended = { switches: { true: 'on', false: 'off' } };
    const { send } = await open({ ...asked, script: () => json(amended) }, 'response');
    const on = length(4, varint(1, 1), length(2, 'on'));
    const off = length(4, varint(1, 0), length(2, 'off'));
    expect((await send()).toString('hex')).to.be.oneOf([
      Buffer.concat([on, off]).toString('hex'),
      Buffer.concat([off, on]).toString('hex'),
    ]);
  });

  it('is sent with only the judged member of two members of a oneof', async () => {
    const { judged, replyWith, send } = await open(asked, 'response');
    replyWith({ left: 'hidden', right: 5 });
    expect((await send()).toString('hex')).to.equal(varint(2, 5).toString('hex'));
    expect(judged()).to.deep.equal([{ right: '5' }]);
  });
});
