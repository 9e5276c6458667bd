import type { Filter } from '../client/streamsClient.js';

/** The streams of a subscription, and the filter that the server applies. */
interface SubscriptionFilter {
  /** Whether to yield events of this stream; other events only give a position. */
  isWanted(stream: string): boolean;
  filter(options: Pick<Filter, 'maxSearchWindow' | 'checkpointReached'>): Filter;
}

/** The name of the filter that the client's `streamNameFilter` makes. */
const byStreamName = { filterOn: 'streamName', checkpointInterval: 1 } as const;

/**
 * Makes the filter for the streams with these prefixes. Without prefixes, for all streams but those of the server, whose
 * names begin with `$`.
 *
 * @param mark - one more stream to include, so that its events give positions
 */
export function subscriptionFilter(
  prefixes: readonly string[] | undefined,
  mark: string | undefined,
): SubscriptionFilter {
  if (prefixes === undefined || prefixes.includes('')) {
    const isWanted = (stream: string) => !stream.startsWith('$');
    const regex = mark === undefined ? '^[^$]' : `^([^$]|${mark.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')})`;
    return { isWanted, filter: (options) => ({ ...byStreamName, ...options, regex }) };
  }
  const asked = mark === undefined ? [...prefixes] : [...prefixes, mark];
  return {
    isWanted: (stream) => prefixes.some((prefix) => stream.startsWith(prefix)),
    filter: (options) => ({ ...byStreamName, ...options, prefixes: asked }),
  };
}
