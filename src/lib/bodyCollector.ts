const nothing: Uint8Array = new Uint8Array(0);

/** Gathers a body into one buffer: a list of many small chunks would take far more memory than their bytes. */
interface BodyCollector {
  /** Bytes so far. */
  readonly length: number;
  add(chunk: Uint8Array): void;
  body(): Uint8Array;
}

export function createBodyCollector(): BodyCollector {
  let whole: Uint8Array = nothing;
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(chunk) {
      // Most bodies come in one chunk, which is kept without a copy.
      if (length === 0) whole = chunk;
      else {
        if (whole.byteLength < length + chunk.byteLength) {
          const larger = Buffer.allocUnsafe(2 * (length + chunk.byteLength));
          larger.set(whole.subarray(0, length));
          whole = larger;
        }
        whole.set(chunk, length);
      }
      length += chunk.byteLength;
    },
    body: () => (whole.byteLength === length ? whole : whole.subarray(0, length)),
  };
}
