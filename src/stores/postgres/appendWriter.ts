import { ConcurrencyConflictError } from '../../errors.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import type { AppendOutcome } from '../local/answerGroup.js';
import { decideAppend } from '../local/decideAppend.js';
import { categoryOf, keyOf } from './hashes.js';
import { insertEvents, type NewEvent } from './insertEvents.js';
import { rowsOf, type PostgresClient } from './pool.js';

/** A stream as this transaction has it: what was stored, and what the appends before in the group have added. */
interface Tail {
  readonly name: string;
  readonly key: Buffer;
  readonly stored: number | undefined;
  last: number | undefined;
  /** The stored events with the ids of this group. */
  readonly places: Map<string, { readonly version: number; readonly position: number }[]>;
}

interface KnownEvent {
  readonly key: string;
  readonly id: string;
  readonly version: number;
  readonly position: number;
}

/** Judges the appends of a group and writes those that hold, in a transaction that holds the writers' lock. */
export function createAppendWriter(
  schema: string,
): (client: PostgresClient, appends: readonly ProposedAppend[]) => Promise<readonly AppendOutcome[]> {
  async function loadTails(
    client: PostgresClient,
    appends: readonly ProposedAppend[],
  ): Promise<ReadonlyMap<string, Tail>> {
    const keys = new Map(appends.map(({ stream }) => [stream, keyOf(stream)]));
    const stored = await rowsOf<{ readonly name: string; readonly version: number }>(
      client,
      `SELECT name, version::float8 AS version FROM ${schema}.stream WHERE key = ANY ($1::bytea[])`,
      [[...keys.values()]],
    );
    const versions = new Map(stored.map(({ name, version }) => [name, version]));
    return new Map(
      [...keys].map(([name, key]) => {
        const last = versions.get(name);
        return [name, { name, key, stored: last, last, places: new Map() }];
      }),
    );
  }

  /** Ids that a caller brought may stand in the stream already: looked up at once for the whole group. */
  async function loadPlaces(
    client: PostgresClient,
    appends: readonly ProposedAppend[],
    tails: ReadonlyMap<string, Tail>,
  ): Promise<void> {
    const asked = appends.filter(
      ({ stream, expectedVersion }) =>
        tails.get(stream)?.stored !== undefined && tails.get(stream)?.stored !== Number(expectedVersion),
    );
    const ids = asked.flatMap(({ events }) =>
      events.filter(({ repeatable }) => repeatable).map(({ id }) => id),
    );
    if (ids.length === 0) return;
    const known = await rowsOf<KnownEvent>(
      client,
      `SELECT stream.name AS key, event.id::text AS id, event.version::float8 AS version, event.position::float8 AS position
       FROM ${schema}.stream JOIN ${schema}.event ON event.stream = stream.id
       WHERE stream.key = ANY ($1::bytea[]) AND event.id = ANY ($2::uuid[]) ORDER BY event.version`,
      [[...new Set(asked.map(({ stream }) => stream))].map(keyOf), [...new Set(ids)]],
    );
    for (const { key, id, version, position } of known) notePlace(tails.get(key), id, { version, position });
  }

  return async (client, appends) => {
    const [head] = await rowsOf<{ readonly position: number; readonly created: number }>(
      client,
      `SELECT coalesce(max(position), 0)::float8 AS position,
              floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS created FROM ${schema}.event`,
    );
    if (head === undefined) throw new Error('PostgreSQL gave no row for an aggregate');
    const tails = await loadTails(client, appends);
    await loadPlaces(client, appends, tails);
    let { position } = head;
    const added: NewEvent[] = [];

    const outcomes = appends.map((append): AppendOutcome => {
      const tail = tails.get(append.stream);
      if (tail === undefined)
        throw new Error(`the stream ${JSON.stringify(append.stream)} was not looked up`);
      const decision = decideAppend(append, {
        last: tail.last,
        idAt: (version) => idAt(tail, append, version),
        latestVersionOf: (id) => tail.places.get(id)?.at(-1)?.version,
      });
      switch (decision.kind) {
        case 'conflict': {
          const { stream, expectedVersion } = append;
          return { conflict: new ConcurrencyConflictError(stream, expectedVersion, decision.actualVersion) };
        }
        case 'empty':
          return { result: { version: BigInt(decision.version) }, written: false };
        case 'repeated': {
          const { id } = append.events.at(-1) ?? { id: '' };
          const place = tail.places.get(id)?.find(({ version }) => version === decision.version);
          return {
            result: { version: BigInt(decision.version), position: BigInt(place?.position ?? 0) },
            written: false,
          };
        }
        case 'append': {
          let version = decision.firstVersion - 1;
          for (const event of append.events) {
            version += 1;
            position += 1;
            added.push({ ...event, key: tail.key, category: categoryOf(tail.name), version, position });
            notePlace(tail, event.id, { version, position });
          }
          tail.last = version;
          return { result: { version: BigInt(version), position: BigInt(position) }, written: true };
        }
      }
    });
    if (added.length > 0) {
      const changed = [...tails.values()].filter(({ stored, last }) => last !== stored);
      await insertEvents(client, schema, { streams: changed, events: added, created: head.created });
    }
    return outcomes;
  };
}

function notePlace(
  tail: Tail | undefined,
  id: string,
  place: { readonly version: number; readonly position: number },
): void {
  const places = tail?.places.get(id);
  if (places !== undefined) places.push(place);
  else tail?.places.set(id, [place]);
}

/** Which of the ids of this append stands at a version; the others are of no interest. */
function idAt(tail: Tail, { events }: ProposedAppend, version: number): string | undefined {
  return events.find(({ id }) => tail.places.get(id)?.some((place) => place.version === version))?.id;
}
