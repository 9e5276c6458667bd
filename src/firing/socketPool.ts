import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { connect as connectPlain, isIP, Socket } from 'node:net';
import type { LookupFunction, TcpNetConnectOpts } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

import type { Connect, DialTarget } from './networkPolicyOptions.js';
import { createSlots } from './slots.js';
import type { Slots } from './slots.js';

/** An idle socket is closed after this long. Milliseconds. */
const idleMs = 30_000;

/** Client certificate and authorities for https endpoints, as `tls.connect` takes them. */
export interface TlsOptions {
  /** Replaces the authorities that Node trusts. */
  readonly ca?: ConnectionOptions['ca'];
  readonly cert?: ConnectionOptions['cert'];
  readonly key?: ConnectionOptions['key'];
}

/** How the next socket is opened: to judged addresses, or over a tunnel that is open already. */
export interface Dial {
  readonly targets: readonly DialTarget[];
  readonly connect: Connect | undefined;
  /** Taken by the socket that is laid over it. */
  tunnel?: Socket | undefined;
}

/** What a request tells its agent. */
export interface PoolOptions {
  readonly poolKey: string;
  readonly dial: Dial | undefined;
}

function openPlain(dial: Dial | undefined): Socket {
  if (dial?.tunnel !== undefined) {
    const { tunnel } = dial;
    dial.tunnel = undefined;
    return tunnel;
  }
  const first = dial?.targets[0];
  if (dial === undefined || first === undefined) return new Socket().destroy(new Error('nothing to dial'));
  return dial.connect?.(first) ?? connectPlain(connectOptions(dial.targets, first));
}

/** Node tries the addresses in turn (RFC 8305), which it does only for the answer of a lookup: ours answers what was judged. */
function connectOptions(targets: readonly DialTarget[], first: DialTarget): TcpNetConnectOpts {
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
    return openPlain((options as PoolOptions).dial);
  }

  override getName(options?: object): string {
    return (options as PoolOptions).poolKey;
  }
}

class SecureTargetAgent extends SecureAgent {
  readonly #tls: TlsOptions;

  constructor(options: ConstructorParameters<typeof SecureAgent>[0], tls: TlsOptions) {
    super(options);
    this.#tls = tls;
  }

  override createConnection(options: object): Socket {
    const { dial } = options as PoolOptions;
    const first = dial?.targets[0];
    const raw: Socket | undefined =
      first === undefined || dial?.tunnel !== undefined || dial?.connect !== undefined
        ? openPlain(dial)
        : undefined;
    const name = first?.name ?? '';
    const secure: ConnectionOptions = {
      ...this.#tls,
      ...(raw === undefined && first !== undefined && dial !== undefined
        ? connectOptions(dial.targets, first)
        : // The host is what the certificate is checked against, wherever the socket leads.
          { socket: raw, host: name }),
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    };
    return connectSecure(secure);
  }

  override getName(options?: object): string {
    return (options as PoolOptions).poolKey;
  }
}

/** The sockets to the endpoints that one policy allows. */
export interface SocketPool {
  agentOf(scheme: 'http' | 'https'): PlainAgent;
  /** Whether the next request under this key finds an open socket. */
  hasIdle(scheme: 'http' | 'https', poolKey: string): boolean;
  closeIdle(scheme: 'http' | 'https', poolKey: string): void;
  slotsOf(poolKey: string): Slots;
  /** Closes idle sockets now and the others when their call ends. */
  retire(): void;
  destroy(): void;
}

export function createSocketPool(socketsPerHost: number, tls: TlsOptions): SocketPool {
  const options = {
    keepAlive: true,
    maxFreeSockets: socketsPerHost,
    timeout: idleMs,
    scheduling: 'lifo' as const,
  };
  const agents = { http: new PlainTargetAgent(options), https: new SecureTargetAgent(options, tls) };
  const slots = new Map<string, Slots>();
  return {
    agentOf: (scheme) => agents[scheme],
    hasIdle: (scheme, poolKey) =>
      agents[scheme].freeSockets[poolKey]?.some((socket) => !socket.destroyed) ?? false,
    closeIdle(scheme, poolKey) {
      for (const socket of [...(agents[scheme].freeSockets[poolKey] ?? [])]) socket.destroy();
    },
    slotsOf(poolKey) {
      const known = slots.get(poolKey);
      if (known !== undefined) return known;
      const created = createSlots(socketsPerHost, () => slots.delete(poolKey));
      slots.set(poolKey, created);
      return created;
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
