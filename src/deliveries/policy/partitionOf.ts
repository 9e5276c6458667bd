import { partitionCount } from '../store/deliveryStore.js';

/** FNV-1a over the UTF-16 units of a text, 32 bits. It must never change: stored partitions depend on it. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  // The low bits of FNV mix badly for texts that differ in their last character.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return hash >>> 0;
}

/** The partition that a stream belongs to. */
export const partitionOf = (stream: string): number => hash32(stream) % partitionCount;
