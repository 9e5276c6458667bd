import { expect } from 'chai';
import fc from 'fast-check';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { createActionServer, createActionService } from '../../src/zitadel/index.js';
import { rpcTable, versions } from '../../src/zitadel/wire/rpcTable.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';
import { post } from './http2Post.js';
import { authenticate } from './openService.js';
import { anyCharacter } from '../fuzz/anyCharacter.js';

const rpcPaths = Object.values(versions).flatMap(({ typeName, methods }) =>
  methods.map(({ name }) => `/${typeName}/${name}`),
);
const restPaths = Object.values(rpcTable).flatMap(({ path, verbs }) =>
  verbs.flatMap((verb) =>
    ['v2', 'v2beta'].map((version) => [verb, `/${version}${path}`.replaceAll(/\{\w+\}/g, 'an-id')] as const),
  ),
);
const types = [
  'application/json',
  'application/proto',
  'application/grpc',
  'application/grpc+json',
  'application/grpc-web',
  'application/grpc-web+proto',
  'application/grpc-web-text',
  'application/connect+json',
  'text/plain',
] as const;

/** JSON that is often of the right shape. */
const fieldNames = [
  'name',
  'endpoint',
  'timeout',
  'targets',
  'condition',
  'event',
  'filters',
  'id',
  'pagination',
];
const names = fc.constantFrom(
  ...fieldNames,
  'restWebhook',
  'all',
  'limit',
  'publicKey',
  'expirationDate',
  '__proto__',
);
const leaf = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt().map(String),
  fc.constantFrom('10s', '-1s', '2026-01-01T00:00:00Z', '\ud800'),
);
const { value: documents } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 5 }),
  ),
}));
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  documents.map((document) => new TextEncoder().encode(JSON.stringify(document))),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => {
    const framed = Buffer.alloc(5 + bytes.length);
    framed.writeUInt32BE(bytes.length, 1);
    framed.set(bytes, 5);
    return new Uint8Array(framed);
  }),
);

async function openServer(): Promise<number> {
  const { actions } = await openActions();
  const { server, close } = createActionServer(createActionService(actions, { authenticate }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(close);
  return (server.address() as { readonly port: number }).port;
}

const limit = { numRuns: 300, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false };

describe('any request to the ActionService', () => {
  it('over HTTP/1.1 is answered, and never as a fault of the server', async () => {
    const port = await openServer();
    const requests = fc.oneof(
      fc.tuple(fc.constant('POST'), fc.constantFrom(...rpcPaths)),
      fc.constantFrom(...restPaths),
      fc.tuple(
        fc.constantFrom('GET', 'PUT', 'DELETE', 'POST'),
        fc.string().map((end) => `/v2/actions/targets/${encodeURIComponent(end)}`),
      ),
    );
    await fc.assert(
      fc.asyncProperty(requests, fc.constantFrom(...types), bodies, async ([method, path], type, body) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          method,
          headers: { 'content-type': type, authorization: 'Bearer all' },
          ...(method !== 'GET' && { body }),
          signal: AbortSignal.timeout(20_000),
        });
        expect(answer.status, await answer.text()).to.be.below(500);
        // Internal and Unknown, which is how gRPC says 500.
        expect(answer.headers.get('grpc-status')).not.to.be.oneOf(['2', '13']);
      }),
      limit,
    );
  });

  it('over HTTP/2 is answered, and never as a fault of the server', async () => {
    const port = await openServer();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    closeAfterTest(() => {
      session.destroy();
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...rpcPaths),
        fc.constantFrom(...types),
        bodies,
        fc.constantFrom('identity', 'gzip', 'br', 'x'),
        async (path, type, body, encoding) => {
          const { status, grpcStatus, text } = await post(
            session,
            path,
            { 'content-type': type, 'grpc-encoding': encoding },
            body,
          );
          expect(status, text).to.be.below(500);
          expect(grpcStatus, text).not.to.be.oneOf(['2', '13']);
        },
      ),
      limit,
    );
  });

  it('as raw bytes on the socket does not stop the server', async () => {
    const port = await openServer();
    const paths = fc.constantFrom(...rpcPaths, '/v2/actions/targets');
    const lines = fc.oneof(
      paths.map((path) => `POST ${path} HTTP/1.0\r\n\r\n`),
      paths.map(
        (path) => `POST ${path} HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`,
      ),
      fc
        .tuple(paths, fc.string({ maxLength: 20 }))
        .map(([path, host]) => `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`),
      fc.constant('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      fc.string().map((end) => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${end}`),
      fc.string({ unit: anyCharacter }),
      fc.constantFrom('P', 'PR', 'PRI'),
    );
    await fc.assert(
      fc.asyncProperty(lines, async (text) => {
        await new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => socket.end(Buffer.from(text)));
          socket
            .on('error', () => undefined)
            .on('close', () => {
              resolve();
            });
          socket.resume();
          // A server may keep half-open connections until its own timeouts.
          setTimeout(() => socket.destroy(), 300).unref();
        });
      }),
      { ...limit, numRuns: 100 },
    );
    const answer = await fetch(`http://127.0.0.1:${port}/v2/actions/executions/methods`, {
      headers: { authorization: 'Bearer all' },
    });
    expect(answer.status).to.equal(200);
  });

  it("without a host, or with bytes that are no message, is refused as the caller's fault", async () => {
    const port = await openServer();
    for (const path of [rpcPaths[4] ?? '', '/v2/actions/executions/methods']) {
      const line = await new Promise<string>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(`GET ${path} HTTP/1.0\r\n\r\n`));
        socket.on('close', () => {
          resolve('closed without an answer');
        });
        socket.on('error', reject).once('data', (chunk: Buffer) => {
          resolve(chunk.toString().split('\r\n')[0] ?? '');
        });
      });
      expect(line).to.equal('HTTP/1.1 400 Bad Request');
    }
    const garbage = new Uint8Array([0, 0, 0, 0, 3, 255, 255, 255]);
    const path = '/zitadel.action.v2.ActionService/ListTargets';
    const bare = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/proto', authorization: 'Bearer all' },
      body: garbage.subarray(5),
    });
    expect(bare.status).to.equal(400);
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    closeAfterTest(() => {
      session.destroy();
    });
    const { grpcStatus } = await post(session, path, { 'content-type': 'application/grpc' }, garbage);
    expect(grpcStatus).to.equal('3');
  });

  it('in bytes beyond 1 MiB is refused by every protocol', async () => {
    const port = await openServer();
    const body = new Uint8Array(1_100_000).fill(0x20);
    for (const [path, type] of [
      ['/v2/actions/targets', 'application/json'],
      [rpcPaths[0] ?? '', 'application/json'],
      [rpcPaths[0] ?? '', 'application/proto'],
    ] as const) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': type, authorization: 'Bearer all' },
        body,
      });
      expect(answer.status, `${path} ${type}`).to.equal(429);
    }
  });
});
