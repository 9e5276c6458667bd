import { jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import { expectation, type Player, type Stage } from './player.js';
import { shownEvent } from './shownEvent.js';

const credentials = { username: 'admin', password: 'changeit' };

const appendExpectation = (expect: string | undefined) =>
  expect === 'stream_exists' ? ({ expectedRevision: expect } as const) : expectation(expect);

export const append: Player<'append'> = async ({ client, naming }, step) => {
  const path = step.path === 'classic' ? { credentials } : {};
  const events = naming.events(step.events);
  const options = { ...appendExpectation(step.expect), ...path };
  const result = await client.appendToStream(naming.stream(step.stream), events, options);
  naming.remember(step.events.at(-1)?.id, result.position);
  return { ...result, position: result.position ? 'given' : 'absent' };
};

export const race: Player<'race'> = async ({ client, naming }, { stream, writers, expect }) => {
  const one = () =>
    client.appendToStream(
      naming.stream(stream),
      jsonEvent({ type: 'R', data: {} }),
      appendExpectation(expect),
    );
  const results = await Promise.allSettled(Array.from({ length: writers }, one));
  const refused = results.filter(
    (result) =>
      result.status === 'rejected' && (result.reason as { type?: string }).type === 'wrong-expected-version',
  );
  return { won: results.filter(({ status }) => status === 'fulfilled').length, refused: refused.length };
};

const show = ({ naming }: Stage, resolved: ResolvedEvent): string => {
  if (resolved.event) naming.remember(naming.label(resolved.event.id), resolved.event.position);
  return shownEvent(resolved);
};

export const read: Player<'read'> = async (stage, { stream, from, direction, max }) => {
  const { client, naming } = stage;
  const shown: string[] = [];
  const events = client.readStream(naming.stream(stream), {
    fromRevision: naming.revision(from),
    ...(direction && { direction }),
    ...(max !== undefined && { maxCount: max }),
  });
  for await (const event of events) shown.push(show(stage, event));
  return shown;
};

/** Enough to find the next events of the scenario among the events of other writers. */
const reach = 500;

export const readAll: Player<'readAll'> = async (stage, { from, direction, take }) => {
  const { client, naming } = stage;
  const shown: string[] = [];
  const fromPosition = naming.position(from);
  // Read to the end: after a break, dispose() of the client would wait forever for the paused call.
  for await (const resolved of client.readAll({
    fromPosition,
    maxCount: reach,
    ...(direction && { direction }),
  }))
    if (resolved.event && naming.isOurs(resolved.event.streamId)) shown.push(show(stage, resolved));
  return shown.slice(0, take);
};

const described = ({ naming }: Stage, { event: read, commitPosition }: ResolvedEvent) => {
  if (!read) return 'no event';
  const { commit, prepare } = read.position ?? {};
  return {
    streamId: read.streamId,
    id: naming.label(read.id),
    revision: read.revision,
    type: read.type,
    data: read.data,
    metadata: read.metadata ?? null,
    isJson: read.isJson,
    created: (read.created as unknown) instanceof Date ? 'Date' : 'something else',
    position: read.position ? 'given' : 'absent',
    commitEqualsPrepare: commit === prepare,
    commitPosition: commitPosition === commit ? 'equals position.commit' : 'something else',
  };
};

export const event: Player<'event'> = async (stage, { stream, from }) => {
  const { client, naming } = stage;
  const options = { fromRevision: BigInt(from), maxCount: 1 };
  let description: unknown = 'nothing';
  for await (const resolved of client.readStream(naming.stream(stream), options))
    description = described(stage, resolved);
  return description;
};

export const deleteStream: Player<'delete'> = async ({ client, naming }, { stream, expect }) => {
  await client.deleteStream(naming.stream(stream), expectation(expect));
  return 'done';
};

export const tombstone: Player<'tombstone'> = async ({ client, naming }, { stream, expect }) => {
  await client.tombstoneStream(naming.stream(stream), expectation(expect));
  return 'done';
};

export const setMetadata: Player<'setMetadata'> = async (
  { client, naming },
  { stream, metadata, expect },
) => {
  const { nextExpectedRevision } = await client.setStreamMetadata(
    naming.stream(stream),
    metadata,
    appendExpectation(expect),
  );
  return { nextExpectedRevision };
};

export const getMetadata: Player<'getMetadata'> = async ({ client, naming }, { stream }) => {
  const { streamName, metadata } = await client.getStreamMetadata(naming.stream(stream));
  return { streamName, metadata: metadata ?? null };
};
