import type { Filter } from '../client/streamsClient.js';

/** Which streams a subscription is about, and what the server is asked for. */
export interface SubscriptionFilter {
  /** Whether events of this stream are wanted; the others come for their positions only. */
  isWanted(stream: string): boolean;
  filter(options: Pick<Filter, 'maxSearchWindow' | 'checkpointReached'>): Filter;
}

/** The prefix of the client's `streamNameFilter`. */
const byStreamName = { filterOn: 'streamName', checkpointInterval: 1 } as const;

/**
 * Streams by prefix, filtered by the server; without prefixes all but the server's own, which begin with `$`.
 *
 * @param mark - one more stream to ask for, so that its events tell how far the subscription is
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
