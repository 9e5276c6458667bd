import { Agent as PlainAgent } from 'node:http';
import type { ClientRequest } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { connect as connectPlain, isIP } from 'node:net';
import type { LookupFunction, Socket, TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectSecure } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

import type { DialTarget } from '../../network/networkPolicyOptions.js';
import type { SecureContextSource } from './secureContext.js';

/** An idle socket is closed after this long. Milliseconds. */
const idleMs = 30_000;

/** How the next socket is opened: to judged addresses, or over a socket that the user's dialler or a proxy has opened. */
export interface Dial {
  /** At least one. */
  readonly targets: readonly DialTarget[];
  /**
   * The socket, where it is already open. The member stays set after the agent has taken the socket, so that nothing
   * else is dialled. A socket that no agent takes has to be closed.
   */
  opened?: Socket | undefined;
}

/** The settings that a request passes to its agent. */
export interface PoolOptions {
  readonly poolKey: string;
  readonly dial: Dial | undefined;
}

/** The socket that is already open; `undefined` where the agent opens it. */
function takeOpened(dial: Dial | undefined): Socket | undefined {
  if (dial === undefined || !('opened' in dial)) return undefined;
  const { opened } = dial;
  dial.opened = undefined;
  if (opened === undefined) throw new Error('the socket was taken already');
  return opened;
}

/** Node tries several addresses in turn (RFC 8305) only for the answer of a lookup: ours answers the judged addresses. */
function connectOptions(targets: readonly DialTarget[]): TcpNetConnectOpts {
  const [first] = targets;
  if (first === undefined) throw new Error('there is nothing to dial');
  const usual = { port: first.port, noDelay: true, keepAlive: true };
  if (targets.length === 1) return { ...usual, host: first.host };
  const lookup: LookupFunction = (_name, _options, callback) => {
    callback(
      null,
      targets.map(({ host, family }) => ({ address: host, family })),
    );
  };
  return { ...usual, host: first.name, lookup, autoSelectFamily: true };
}

class PlainTargetAgent extends PlainAgent {
  override createConnection(options: object): Socket {
    const { dial } = options as PoolOptions;
    return takeOpened(dial) ?? connectPlain(connectOptions(dial?.targets ?? []));
  }

  override getName(options?: object): string {
    return (options as PoolOptions).poolKey;
  }
}

class SecureTargetAgent extends SecureAgent {
  readonly #context: SecureContextSource;

  constructor(options: ConstructorParameters<typeof SecureAgent>[0], context: SecureContextSource) {
    super(options);
    this.#context = context;
  }

  override createConnection(options: object): Socket {
    const { dial } = options as PoolOptions;
    const opened = takeOpened(dial);
    const name = dial?.targets[0]?.name ?? '';
    const secure: ConnectionOptions = {
      secureContext: this.#context(),
      // The certificate is checked against the host, also on a socket that was opened elsewhere.
      ...(opened === undefined ? connectOptions(dial?.targets ?? []) : { socket: opened, host: name }),
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: true,
    };
    return connectSecure(secure);
  }

  override getName(options?: object): string {
    return (options as PoolOptions).poolKey;
  }
}

/**
 * Closes a socket that has answered no call: a socket of an abandoned call may never open, and Node 26 would keep
 * it for the next call. A socket of another library that does not count its bytes is kept.
 */
function keepWhatAnswered<Agent extends PlainAgent>(agent: Agent): Agent {
  // The types leave out the return value: `false` closes the socket.
  const keep = agent.keepSocketAlive.bind(agent) as (socket: Duplex) => boolean;
  agent.keepSocketAlive = (socket) => (socket as Partial<Socket>).bytesRead !== 0 && keep(socket);
  return agent;
}

/** The options that an agent gets with a request, which the types of Node leave out. */
interface RequestTaker {
  addRequest(request: ClientRequest, options: object): void;
}

/** Gives an agent only the options that the pool needs: an agent copies all of its options twice for each call. */
function takeFewOptions<Agent extends PlainAgent>(agent: Agent): Agent {
  const taker = agent as unknown as RequestTaker;
  const take = taker.addRequest.bind(agent);
  taker.addRequest = (request, options) => {
    const { poolKey, dial } = options as PoolOptions;
    // With a server name the agent reads none from the headers: the pool knows the name of the host.
    take(request, { poolKey, dial, servername: '' });
  };
  return agent;
}

/** The sockets to the endpoints that one policy allows. */
export interface SocketPool {
  agentOf(scheme: 'http' | 'https'): PlainAgent;
  /** Whether the next request under this key finds an idle socket. */
  hasIdle(scheme: 'http' | 'https', poolKey: string): boolean;
  closeIdle(scheme: 'http' | 'https', poolKey: string): void;
  /** Closes idle sockets now and busy sockets when their call ends. */
  retire(): void;
  destroy(): void;
}

/** @param idlePerHost - how many idle sockets to one host are kept */
export function createSocketPool(idlePerHost: number, context: SecureContextSource): SocketPool {
  const options = {
    keepAlive: true,
    maxFreeSockets: idlePerHost,
    timeout: idleMs,
    scheduling: 'lifo' as const,
  };
  const agents = {
    http: takeFewOptions(keepWhatAnswered(new PlainTargetAgent(options))),
    https: takeFewOptions(keepWhatAnswered(new SecureTargetAgent(options, context))),
  };
  return {
    agentOf: (scheme) => agents[scheme],
    hasIdle(scheme, poolKey) {
      const idle = agents[scheme].freeSockets[poolKey] ?? [];
      // The agent would reuse a destroyed socket; drop those first.
      while (idle.at(-1)?.destroyed === true) idle.pop();
      return idle.length > 0;
    },
    closeIdle(scheme, poolKey) {
      for (const socket of [...(agents[scheme].freeSockets[poolKey] ?? [])]) socket.destroy();
    },
    retire() {
      for (const agent of Object.values(agents)) {
        (agent as unknown as { keepAlive: boolean }).keepAlive = false;
        for (const sockets of Object.values(agent.freeSockets))
          for (const socket of [...(sockets ?? [])]) socket.destroy();
      }
    },
    destroy() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
