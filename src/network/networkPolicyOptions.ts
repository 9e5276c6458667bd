import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { Socket } from 'node:net';

/** What a resolver gives: one address or several. */
type Addresses = string | LookupAddress | readonly (string | LookupAddress)[];

/** Resolves a name, as `dns.lookup` or `dns.promises.lookup` does: always asked for all addresses. */
export type NameLookup = (
  name: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: Addresses, family?: number) => void,
) => void | Promise<Addresses | undefined>;

/** Where to connect: an address that the policy has judged. `net.connect` takes it as it is. */
export interface DialTarget {
  /** The address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** Version of the Internet protocol. */
  readonly family: 4 | 6;
  /** What the endpoint says: a name, or the address again. */
  readonly name: string;
}

/** Opens a TCP connection to an address that the policy has judged; TLS is laid over it where the endpoint is https. */
export type Connect = (target: DialTarget) => Socket | Promise<Socket>;

/**
 * Where targets may be. Everything public on ports 80, 443 and 1024 and above is allowed by default; loopback, private,
 * link-local and other special addresses are not.
 *
 * An entry is an address, a block in CIDR form, a host name, `*.suffix` (its subdomains, not itself), or one of them but a
 * block with `:port`. `deny` beats `allow`. Blocks never cover the metadata addresses of clouds, nor IPv6 addresses that
 * embed an IPv4 one: name those exactly.
 */
export interface NetworkPolicyOptions {
  /** What is reachable besides public addresses. An entry with a port also opens that port. @defaultValue none */
  readonly allow?: readonly string[];
  /** What is never reachable. @defaultValue none */
  readonly deny?: readonly string[];
  /** Refuses `http://`. @defaultValue false */
  readonly httpsOnly?: boolean;
  /** Replaces the resolver. Its answers are judged like any other. @defaultValue `dns.lookup` */
  readonly lookup?: NameLookup;
  /** Replaces the dialler. Called for judged addresses only. @defaultValue `net.connect` */
  readonly connect?: Connect;
}

/** One policy for all instances, or one for each. The function is asked once an instance, until the policy is changed. */
export type NetworkPolicySource = NetworkPolicyOptions | ((instanceID: string) => NetworkPolicyOptions);
