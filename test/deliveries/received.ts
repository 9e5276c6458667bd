import type { TargetServer } from '../support/targetServer.js';

interface Envelope {
  readonly stream: string;
  readonly sequence: number;
  readonly event_payload: { readonly total: number };
}

const envelopes = ({ received }: Pick<TargetServer, 'received'>): readonly Envelope[] =>
  received.map(({ body }) => JSON.parse(body) as Envelope);

/** The calls that a target received: the `total` of each event. */
export const totals = (server: Pick<TargetServer, 'received'>): readonly number[] =>
  envelopes(server).map(({ event_payload: { total } }) => total);

/** The calls that a target received: the versions of each stream. */
export function versionsByStream(
  server: Pick<TargetServer, 'received'>,
): ReadonlyMap<string, readonly number[]> {
  const versions = new Map<string, number[]>();
  for (const { stream, sequence } of envelopes(server))
    versions.set(stream, [...(versions.get(stream) ?? []), sequence]);
  return versions;
}
