import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Actions } from '../../src/index.js';
import { createActionService, type Access, type ActionServiceOptions } from '../../src/zitadel/index.js';
import { permissions } from '../../src/zitadel/wire/rpcTable.js';
import { listen } from '../support/listen.js';
import { openActions, type OpenOptions } from '../support/openActions.js';

export const tokens: Readonly<Record<string, Access>> = {
  all: { permissions, userID: 'ann' },
  reader: { permissions: ['action.target.read', 'action.execution.read'] },
  nothing: { permissions: [] },
  elsewhere: { permissions, instanceID: 'elsewhere', userID: 'bob' },
};

/** Tokens: also `only <permission>`, and `but <permission>` for all other permissions. */
export function authenticate(headers: Headers): Access | undefined {
  const token = (headers.get('authorization') ?? '').replace(/^Bearer /, '');
  const [word, permission] = token.split(' ');
  if (word === 'only' && permission !== undefined) return { permissions: [permission] };
  if (word === 'but') return { permissions: permissions.filter((each) => each !== permission) };
  return tokens[token];
}

export interface OpenedService {
  readonly actions: Actions;
  /** gRPC, over HTTP/2 without TLS. */
  readonly h2: string;
  /** gRPC-web, Connect and REST, over HTTP/1.1. */
  readonly h1: string;
}

/** The service over actions, on real ports of loopback. */
export async function openService(
  options: OpenOptions = {},
  serviceOptions: Partial<ActionServiceOptions> = {},
): Promise<OpenedService> {
  const { actions } = await openActions(options);
  const { handler } = createActionService(actions, { authenticate, ...serviceOptions });
  const h1 = await listen(createHttpServer(handler));
  const h2 = await listen(createHttp2Server(handler));
  return { actions, h1: `http://127.0.0.1:${h1}`, h2: `http://127.0.0.1:${h2}` };
}
