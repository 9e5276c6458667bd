const nothing: Uint8Array = new Uint8Array(0);

/** Gathers a body into one buffer: a list of many small chunks would take far more memory than their bytes. */
export class BodyCollector {
  #whole = nothing;
  #length = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    // Most bodies come in one chunk, which is kept without a copy.
    if (this.#length === 0) this.#whole = chunk;
    else {
      const length = this.#length + chunk.byteLength;
      if (this.#whole.byteLength < length) {
        const larger = Buffer.allocUnsafe(2 * length);
        larger.set(this.#whole.subarray(0, this.#length));
        this.#whole = larger;
      }
      this.#whole.set(chunk, this.#length);
    }
    this.#length += chunk.byteLength;
  }

  body(): Uint8Array {
    return this.#whole.byteLength === this.#length ? this.#whole : this.#whole.subarray(0, this.#length);
  }
}
