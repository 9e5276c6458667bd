import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { Socket } from 'node:net';

/** The answer of a resolver: one address or several. */
type Addresses = string | LookupAddress | readonly (string | LookupAddress)[];

/** Resolves a name, as `dns.lookup` or `dns.promises.lookup` does; always asked for all addresses. */
export type NameLookup = (
  name: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: Addresses, family?: number) => void,
) => void | Promise<Addresses | undefined>;

/** Where to connect: an address that the policy has judged. `net.connect` takes it unchanged. */
export interface DialTarget {
  /** The address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** Version of the Internet protocol. */
  readonly family: 4 | 6;
  /** The host of the endpoint: a name, or the address again. */
  readonly name: string;
}

/** Opens a TCP connection to an address that the policy has judged; TLS runs over it where the endpoint is https. */
export type Connect = (target: DialTarget) => Socket | Promise<Socket>;

/**
 * Where targets may be. Every public address on ports 80, 443 and 1024 and above is allowed by default; loopback,
 * private, link-local and other special addresses are not.
 *
 * An entry is an address, a block in CIDR form, a host name, or `*.suffix` (its subdomains, not the suffix itself). All
 * but a block may end in `:port`. `deny` beats `allow`. Blocks never cover the metadata addresses of clouds, nor IPv6
 * addresses that embed an IPv4 address: name those exactly.
 */
export interface NetworkPolicyOptions {
  /**
   * Addresses and names that are reachable besides public addresses. An entry with a port also opens that port.
   * @defaultValue none
   */
  readonly allow?: readonly string[];
  /** Addresses and names that are never reachable. @defaultValue none */
  readonly deny?: readonly string[];
  /** Refuses `http://` endpoints. @defaultValue false */
  readonly httpsOnly?: boolean;
  /** Replaces the resolver. Its answers are judged like any other. @defaultValue `dns.lookup` */
  readonly lookup?: NameLookup;
  /** Replaces the dialler. It is called for judged addresses only. @defaultValue `net.connect` */
  readonly connect?: Connect;
}

/**
 * One policy for all instances, or a function that gives the policy of an instance. The function is called once for
 * each instance, until the policy is changed.
 */
export type NetworkPolicySource = NetworkPolicyOptions | ((instanceID: string) => NetworkPolicyOptions);
