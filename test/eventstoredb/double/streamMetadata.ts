/** The part of a stream's metadata that limits the readable events. */
export type StreamMetadata = {
  readonly truncateBefore: number;
  readonly maxCount: number;
  /** Milliseconds. */
  readonly maxAge: number;
};

export const noMetadata: StreamMetadata = { truncateBefore: 0, maxCount: Infinity, maxAge: Infinity };

/** A soft delete is a truncation before int64's largest value. */
const deletedFrom = 2 ** 63;

export const softDeletion = '{"$tb":9223372036854775807}';

export const isSoftDeletion = (metadata: StreamMetadata): boolean => metadata.truncateBefore >= deletedFrom;

const parse = (data: Uint8Array): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // The server also keeps malformed metadata and ignores them.
    return {};
  }
};

export const readStreamMetadata = (data: Uint8Array): StreamMetadata => {
  const fields = parse(data);
  const number = (name: string, otherwise: number): number =>
    typeof fields[name] === 'number' ? fields[name] : otherwise;
  return {
    truncateBefore: number('$tb', 0),
    maxCount: number('$maxCount', Infinity),
    maxAge: number('$maxAge', Infinity) * 1_000,
  };
};

/**
 * The metadata after an append to a soft-deleted stream: the stream starts at the new event, all other members stay.
 */
export const undeletedMetadata = (data: Uint8Array, truncateBefore: number): Buffer =>
  Buffer.from(JSON.stringify({ ...parse(data), $tb: truncateBefore }));
