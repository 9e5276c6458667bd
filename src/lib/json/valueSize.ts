/** The approximate size of a JSON value or of bytes in memory, in bytes; cheaper than writing the JSON. */
export function valueSize(value: unknown): number {
  let size = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    size += 8;
    if (typeof next === 'string') size += next.length;
    else if (next instanceof Uint8Array) size += next.byteLength;
    else if (Array.isArray(next)) for (const member of next as readonly unknown[]) left.push(member);
    else if (typeof next === 'object' && next !== null)
      // No list of the members is made: this runs for every event that is read.
      for (const key in next) {
        if (!Object.hasOwn(next, key)) continue;
        size += key.length;
        left.push((next as Readonly<Record<string, unknown>>)[key]);
      }
  }
  return size;
}
