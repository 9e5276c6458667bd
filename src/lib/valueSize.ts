/** The approximate size of a JSON value or of bytes in memory, in bytes; cheaper than writing the JSON. */
export function valueSize(value: unknown): number {
  let size = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    size += 8;
    if (typeof next === 'string') size += next.length;
    else if (next instanceof Uint8Array) size += next.byteLength;
    else if (typeof next === 'object' && next !== null)
      for (const [key, member] of Object.entries(next)) {
        size += key.length;
        left.push(member);
      }
  }
  return size;
}
