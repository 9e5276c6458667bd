import type { JSONObject, RecordedEvent } from '../../src/ports.js';

/** Events of ours as a store would record them, one after another. */
export function createRecorder() {
  const versions = new Map<string, bigint>();
  let position = 0n;
  return (stream: string, type: string, data: object): RecordedEvent => {
    const version = (versions.get(stream) ?? -1n) + 1n;
    versions.set(stream, version);
    position += 7n;
    return {
      stream,
      id: `id-${position}`,
      type,
      data: data as JSONObject,
      metadata: {},
      version,
      position,
      created: new Date(Number(position)),
    };
  };
}

/** The data of a `target.added`, as small as it may be. */
export const targetAdded = (name: string) => ({
  name,
  type: 'webhook',
  endpoint: `https://${name}.example/`,
  timeoutMs: 1_000,
  interruptOnError: false,
  signingKeys: [
    { key: { algorithm: 'plaintext', value: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' } },
  ],
});

/** The data of an `execution.set`; `@id` is an include. */
export const executionSet = (...entries: readonly string[]) => ({
  targets: entries.map((entry) =>
    entry.startsWith('@') ? { type: 'include', include: entry.slice(1) } : { type: 'target', target: entry },
  ),
});
