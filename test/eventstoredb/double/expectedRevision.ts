/** As the client writes it. */
export type ExpectedRevision = 'any' | 'no_stream' | 'stream_exists' | bigint;

/** The fields that AppendReq, BatchAppendReq, DeleteReq and TombstoneReq have in common. */
type RevisionOptions = {
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
};

/** Reads a missing expectation as "any", as the server does. */
export const readExpectedRevision = (
  options: RevisionOptions,
  exact: string | undefined,
): ExpectedRevision => {
  if (exact !== undefined) return BigInt(exact);
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : 'any';
};

const wireNumbers = { any: -2n, no_stream: -1n, stream_exists: -4n } as const;

/** The number that stands for an expectation in trailers. */
export const expectedVersionNumber = (expected: ExpectedRevision): bigint =>
  typeof expected === 'bigint' ? expected : wireNumbers[expected];
