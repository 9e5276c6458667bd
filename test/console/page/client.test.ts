import { expect } from 'chai';
import { createServer, type RequestListener } from 'node:http';
import { createClient, type Client, type ClientOptions } from '../../../src/console/page/api/client.js';
import type { Failure } from '../../../src/console/page/api/requestFailure.js';
import { rejection } from '../../support/openActions.js';
import { listen } from '../../support/listen.js';

const json = { 'content-type': 'application/json' };

/** The client over a real server, with a record of what it tells the page. */
async function open(listener: RequestListener, options: Partial<ClientOptions> = {}) {
  const told: string[] = [];
  const port = await listen(createServer(listener));
  const client = createClient({
    token: () => undefined,
    onLost: () => told.push('lost'),
    onSignedOut: () => told.push('signed out'),
    ...options,
  });
  return { client, told, path: `http://127.0.0.1:${port}/api/targets` };
}

const failure = async (answer: ReturnType<Client['get']>): Promise<Pick<Failure, 'kind' | 'code'>> => {
  const { kind, code } = (await rejection(answer)) as Failure;
  return { kind, code };
};

describe('the requests of the console', () => {
  for (const part of ['the answer', 'its body'])
    it(`fail when ${part} does not come in time, and say that the change may have been made`, async () => {
      const { client, told, path } = await open(
        (_request, response) => {
          if (part === 'its body') response.writeHead(200, json).write('{"items":');
        },
        { limits: { readMs: 100, changeMs: 100 } },
      );
      expect(await failure(client.get(path))).to.include({ kind: 'slow' });
      const changed = (await rejection(client.post(path, {}))) as Failure;
      expect(changed.kind).to.equal('slow');
      expect(changed.message).to.include('may have been made');
      expect(told, 'a slow server is not a lost one').to.deep.equal([]);
    });

  it('fail as a lost connection when the connection breaks before or within the answer', async () => {
    let isWithin = false;
    const { client, told, path } = await open((request, response) => {
      if (isWithin) response.writeHead(200, { ...json, 'content-length': '100' }).write('{');
      request.socket.destroySoon();
      if (!isWithin) request.socket.destroy();
    });
    expect(await failure(client.get(path))).to.include({ kind: 'lost' });
    isWithin = true;
    expect(await failure(client.post(path, {}))).to.include({ kind: 'lost' });
    expect(told).to.deep.equal(['lost', 'lost']);
  });

  it('fail with the kind that belongs to the status and the code of the answer', async () => {
    let answer: readonly [status: number, code: string] = [200, ''];
    const { client, told, path } = await open((_request, response) => {
      response.writeHead(answer[0], json).end(JSON.stringify({ code: answer[1], message: 'no' }));
    });
    const kinds: string[] = [];
    for (const next of [
      [401, 'UNAUTHENTICATED'],
      [404, 'TARGET_NOT_FOUND'],
      [409, 'CONCURRENCY_CONFLICT'],
      [409, 'ALREADY_EXISTS'],
      [403, 'PERMISSION_DENIED'],
      [503, 'INDEX_NOT_READY'],
    ] as const) {
      answer = next;
      kinds.push((await failure(client.post(path, {}))).kind);
    }
    expect(kinds).to.deep.equal(['signedOut', 'missing', 'stale', 'refused', 'refused', 'refused']);
    expect(told).to.deep.equal(['signed out']);
  });

  it('are signed, and changes carry the mark of the console', async () => {
    const seen: (readonly (string | string[] | undefined)[])[] = [];
    const listener: RequestListener = ({ method, headers }, response) => {
      seen.push([method, headers.authorization, headers['x-actions-console'], headers['content-type']]);
      response.writeHead(200, json).end('{}');
    };
    const { client, path } = await open(listener, { token: () => 'secret' });
    await client.get(path);
    await client.post(path, {});
    expect(seen).to.deep.equal([
      ['GET', 'Bearer secret', undefined, undefined],
      ['POST', 'Bearer secret', '1', 'application/json'],
    ]);
  });

  it('end when the page aborts its request', async () => {
    const over = new AbortController();
    const { client, told, path } = await open(() => {
      over.abort();
    });
    expect(await failure(client.get(path, over.signal))).to.include({ kind: 'ended' });
    expect(told).to.deep.equal([]);
  });
});
