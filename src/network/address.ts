import { isIPv6 } from 'node:net';

import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** An address block: its first address and the length of its prefix. */
export type Network = readonly [first: Address, prefix: number];

const plainIPv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/**
 * Reads four plain decimals or an IPv6 address without a zone. Any other spelling (octal, hexadecimal, fewer parts) is
 * refused.
 */
export function parseAddress(text: string): Address | undefined {
  if (plainIPv4.test(text)) return ipaddr.IPv4.parse(text);
  if (isIPv6(text) && !text.includes('%')) return ipaddr.IPv6.parse(text);
  return undefined;
}

/** Reads `<address>/<prefix>`; the address has to be the first one of the block. */
export function parseNetwork(text: string): Network | undefined {
  const [first, length, ...rest] = text.split('/');
  if (first === undefined || length === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length))
    return undefined;
  const address = parseAddress(first);
  const prefix = Number(length);
  if (address === undefined || String(prefix) !== length || prefix > widthOf(address)) return undefined;
  return isFirst(address, prefix) ? [address, prefix] : undefined;
}

export function inNetwork(address: Address, [first, prefix]: Network): boolean {
  return address.kind() === first.kind() && address.match(first, prefix);
}

/** The block of this single address. */
export function onlyAddress(address: Address): Network {
  return [address, widthOf(address)];
}

export function widthOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

function isFirst(address: Address, prefix: number): boolean {
  return address.toByteArray().every((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return (byte & (0xff >> kept)) === 0;
  });
}
