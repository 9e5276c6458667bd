import type { ClientKind } from './clientKind.js';
import type { StreamsClient, StreamState } from './streamsClient.js';

/** A refusal of the server that the client turns into an error. */
type Refusal =
  | { readonly kind: 'stream-deleted'; readonly stream: string }
  | {
      readonly kind: 'wrong-expected-version';
      readonly stream: string;
      readonly current: bigint | 'no_stream';
      readonly expected: StreamState;
    };

/** The callback of the client's call to the server. */
type Answered = (error: unknown, answer?: unknown) => void;

/**
 * Makes the error that this client would have rejected with, so that `instanceof` works with the application's class: a
 * client does not give access to its error classes, and another copy of the package has other classes. The client's own
 * append runs on a stand-in that returns the refusal and sends nothing.
 *
 * @returns `otherwise` where the client gave no error
 */
export async function errorOfClient(
  kind: ClientKind,
  client: StreamsClient,
  refusal: Refusal,
  otherwise: Error,
): Promise<Error> {
  const stand = Object.create(client, members(refusal)) as StreamsClient;
  // With credentials the client makes a call of its own in place of using the shared stream. The credentials are not sent.
  const credentials = { username: '', password: '' };
  try {
    await stand.appendToStream(refusal.stream, [], {
      credentials,
      [kind.expectation]: refusal.kind === 'wrong-expected-version' ? refusal.expected : 'any',
    });
  } catch (error) {
    if (!(error instanceof Error) || !('type' in error) || error.type !== refusal.kind) return otherwise;
    // Remove the members that describe an answer of the server: there was none.
    return Object.assign(error, { code: undefined, _raw: undefined });
  }
  return otherwise;
}

/** Replacements for the members of a client that use its private fields, which a stand-in does not have. */
function members(refusal: Refusal): PropertyDescriptorMap {
  const append = (...callArguments: readonly unknown[]) => {
    const answered = callArguments.at(-1) as Answered;
    if (refusal.kind === 'stream-deleted') answered(streamDeleted(refusal.stream));
    else answered(null, wrongExpectedVersion(refusal.current, refusal.expected));
    return sink;
  };
  return {
    execute: {
      value: (_client: unknown, _name: string, action: (client: unknown) => unknown) => action({ append }),
    },
    callArguments: { value: () => [] },
    throwOnAppendFailure: { value: true },
  };
}

const sink = {
  on: () => sink,
  once: () => sink,
  removeListener: () => sink,
  write: () => true,
  end: () => sink,
};

const streamDeleted = (stream: string) => ({
  code: 9,
  message: '',
  metadata: { getMap: () => ({ exception: 'stream-deleted', 'stream-name': stream }) },
});

const wrongExpectedVersion = (current: bigint | 'no_stream', expected: StreamState) => ({
  hasWrongExpectedVersion: () => true,
  getWrongExpectedVersion: () => ({
    hasExpectedRevision: () => expected !== 'any' && expected !== 'no_stream' && expected !== 'stream_exists',
    getExpectedRevision: () => String(expected),
    hasExpectedStreamExists: () => expected === 'stream_exists',
    hasExpectedNoStream: () => expected === 'no_stream',
    hasCurrentRevision: () => current !== 'no_stream',
    getCurrentRevision: () => String(current),
  }),
});
