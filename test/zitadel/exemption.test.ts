import { Code, createClient } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node';
import { createAccessTokenInterceptor } from '@zitadel/node/dist/api/interceptors.js';
import {
  ActionServiceDefinition,
  type ActionServiceClient,
} from '@zitadel/node/dist/api/generated/zitadel/action/v2/action_service.js';
import { expect } from 'chai';
import { createServer } from 'node:http';
import { createChannel, createClientFactory } from 'nice-grpc';
import { actionsInterceptor } from '../../src/integrations/connect/index.js';
import { createActionService } from '../../src/zitadel/index.js';
import { ActionService } from '../../src/zitadel/generated/action_v2_pb.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, rejection } from '../support/openActions.js';
import { bearing } from './clients.js';
import { authenticate, openService } from './openService.js';
import { listen } from '../support/listen.js';

describe('the ActionService', () => {
  it('is reached though a target vetoes every request and response', async () => {
    const { actions, call } = await openActions();
    const veto = { type: 'requestResponse', interruptOnError: true, script: { status: 500 } } as const;
    const [request] = await call({ request: { all: true } }, veto);
    await call({ response: { all: true } }, veto);
    const { routes } = createActionService(actions, { authenticate });
    const interceptors = [actionsInterceptor(actions, { caller: () => ({ userID: 'eve' }) })];
    const port = await listen(createServer(connectNodeAdapter({ routes, interceptors })));
    const transport = createConnectTransport({
      baseUrl: `http://127.0.0.1:${port}`,
      httpVersion: '1.1',
      interceptors: [bearing('all')],
    });
    const client = createClient(ActionService, transport);
    expect((await client.listTargets({})).targets).to.have.length(2);
    expect(request?.server.received).to.deep.equal([]);
    expect(await rejection(actions.request('/a.B/C', {}))).to.have.property('code', 'TARGET_INTERRUPTED');
    expect(request?.server.received).to.have.length(1);
  });

  it('answers @zitadel/node, over gRPC', async () => {
    const { h2 } = await openService();
    const channel = createChannel(h2);
    closeAfterTest(() => {
      channel.close();
    });
    const client: ActionServiceClient = createClientFactory()
      .use(createAccessTokenInterceptor('all'))
      .create(ActionServiceDefinition, channel);
    const { id, signingKey } = await client.createTarget({
      name: 'crm',
      endpoint: 'https://example.com/',
      restCall: { interruptOnError: true },
      timeout: { seconds: 10 as never, nanos: 0 },
    });
    expect(signingKey).to.match(/^whsec_/);
    const { target } = await client.getTarget({ id });
    expect(target).to.deep.include({ id, name: 'crm', restCall: { interruptOnError: true } });
    await client.setExecution({ condition: { function: { name: 'preuserinfo' } }, targets: [id] });
    const { executions } = await client.listExecutions({});
    expect(executions[0]?.condition?.function?.name).to.equal('preuserinfo');
    await client.updateTarget({ id, name: 'desk' });
    expect((await client.listTargets({})).targets.map(({ name }) => name)).to.deep.equal(['desk']);
    await client.deleteTarget({ id });
    expect(await rejection(client.getTarget({ id }))).to.have.property('code', Code.NotFound);
  });

  it('lets pages of named origins call, and tells others nothing', async () => {
    const { h1 } = await openService({}, { corsOrigins: ['https://console.example'] });
    const ask = (origin: string) =>
      fetch(`${h1}/zitadel.action.v2.ActionService/ListTargets`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await ask('https://console.example');
    expect(allowed.status).to.equal(204);
    expect(allowed.headers.get('access-control-allow-origin')).to.equal('https://console.example');
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).to.equal(null);
  });

  it('answers 404 beside its paths, or hands the requests on', async () => {
    const { h1, actions } = await openService();
    for (const path of ['/', '/v2/actions/', '/v2/actions/other', '/v3/actions/targets', '/v2/users'])
      expect((await fetch(`${h1}${path}`)).status, path).to.equal(404);
    const answer = await fetch(`${h1}/v2/actions/targets`, { method: 'PATCH' });
    expect(answer.status).to.equal(405);
    const { handler } = createActionService(actions, { authenticate });
    const port = await listen(
      createServer((request, response) => {
        handler(request, response, () => response.writeHead(418).end());
      }),
    );
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).to.equal(418);
  });
});
