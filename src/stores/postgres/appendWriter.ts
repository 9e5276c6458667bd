import type { ProposedAppend } from '../../events/proposedAppend.js';
import { unwritten, type AppendOutcome } from '../local/answerGroup.js';
import { decideAppend } from '../local/decideAppend.js';
import { categoryHash, keyOf } from './streamNames.js';
import { insertSQL, type NewEvent } from './insertEvents.js';
import { bytesLiteral, jsonLiteral } from './literals.js';
import { shownText } from '../../lib/shown/shownText.js';

/** The state of a stream in this transaction: the stored events, and the events of earlier appends of the group. */
interface Tail {
  readonly name: string;
  readonly key: string;
  readonly category: string;
  readonly stored: number | undefined;
  last: number | undefined;
  /** The stored events with the ids of this group. */
  readonly places: Map<string, { readonly version: number; readonly position: number }[]>;
}

interface KnownEvent {
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly position: number;
}

/** The rows that are read before the appends of a group: one list for each statement, in order. */
export interface Look {
  readonly head: readonly { readonly position: number; readonly created: number }[];
  readonly tails: readonly { readonly name: string; readonly version: number }[];
  readonly places: readonly KnownEvent[];
}

/** The decisions on a group of appends. */
interface Judged {
  readonly outcomes: readonly AppendOutcome[];
  /** The SQL that writes the accepted appends; `undefined` where there is nothing to write. */
  readonly insert: string | undefined;
}

/** Decides the appends of a group, in a transaction that holds the writers' lock. */
interface AppendWriter {
  /** Three statements to run under the lock: they read the head of the log, the tails of the streams, and the known ids. */
  lookSQL(appends: readonly ProposedAppend[]): string;
  judge(appends: readonly ProposedAppend[], look: Look): Judged;
}

export function createAppendWriter(schema: string): AppendWriter {
  function lookSQL(appends: readonly ProposedAppend[]): string {
    const keys = [...new Set(appends.map(({ stream }) => stream))].map((name) => bytesLiteral(keyOf(name)));
    // Look for the ids in the streams that do not have the expected version: a repeated append finds its events there.
    const asked = appends.flatMap(({ stream, expectedVersion, events }) => {
      const ids = events.filter(({ repeatable }) => repeatable).map(({ id }) => id);
      const expected = expectedNumber(expectedVersion);
      return ids.length === 0 ? [] : [{ key: keyOf(stream).toString('hex'), expected, ids }];
    });
    return `SELECT coalesce(max(position), 0)::float8 AS position,
  floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS created FROM ${schema}.event;
SELECT name, version::float8 AS version FROM ${schema}.stream WHERE key IN (${keys.join(', ')});
SELECT DISTINCT stream.name, event.id::text AS id, event.version::float8 AS version, event.position::float8 AS position
FROM json_to_recordset(${jsonLiteral(asked)}) AS asked (key text, expected bigint, ids uuid[])
JOIN ${schema}.stream ON stream.key = decode(asked.key, 'hex') AND stream.version IS DISTINCT FROM asked.expected
JOIN ${schema}.event ON event.stream = stream.id AND event.id = ANY (asked.ids) ORDER BY version`;
  }

  function judge(appends: readonly ProposedAppend[], look: Look): Judged {
    const [head] = look.head;
    if (head === undefined) throw new Error('PostgreSQL gave no row for an aggregate');
    const versions = new Map(look.tails.map(({ name, version }) => [name, version]));
    const tails = new Map(appends.map(({ stream }) => [stream, tailOf(stream, versions.get(stream))]));
    for (const { name, id, version, position } of look.places)
      notePlace(tails.get(name), id, { version, position });
    let { position } = head;
    const added: NewEvent[] = [];

    const outcomes = appends.map((append): AppendOutcome => {
      const tail = tails.get(append.stream);
      if (tail === undefined) throw new Error(`the stream ${shownText(append.stream)} was not looked up`);
      const decision = decideAppend(append, {
        last: tail.last,
        idAt: (version) => idAt(tail, append, version),
        latestVersionOf: (id) => tail.places.get(id)?.at(-1)?.version,
      });
      if (decision.kind !== 'append')
        return unwritten(append, decision, (version) => {
          const { id } = append.events.at(-1) ?? { id: '' };
          return tail.places.get(id)?.find((place) => place.version === version)?.position;
        });
      let version = decision.firstVersion - 1;
      for (const event of append.events) {
        version += 1;
        position += 1;
        added.push({ ...event, key: tail.key, category: tail.category, version, position });
        notePlace(tail, event.id, { version, position });
      }
      tail.last = version;
      return { result: { version: BigInt(version), position: BigInt(position) }, written: true };
    });
    const streams = [...tails.values()].filter(({ stored, last }) => last !== stored);
    const insert =
      added.length === 0 ? undefined : insertSQL(schema, { streams, events: added, created: head.created });
    return { outcomes, insert };
  }

  return { lookSQL, judge };
}

const tailOf = (name: string, stored: number | undefined): Tail => ({
  name,
  key: keyOf(name).toString('hex'),
  category: categoryHash(name),
  stored,
  last: stored,
  places: new Map(),
});

/** The expected version as a number for PostgreSQL; `null` for a version that no stream can have. */
function expectedNumber(expected: ProposedAppend['expectedVersion']): number | null {
  const version = Number(expected);
  return Number.isSafeInteger(version) ? version : null;
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

/** The id of this append's events that is stored at a version; `undefined` for any other id. */
function idAt(tail: Tail, { events }: ProposedAppend, version: number): string | undefined {
  return events.find(({ id }) => tail.places.get(id)?.some((place) => place.version === version))?.id;
}
