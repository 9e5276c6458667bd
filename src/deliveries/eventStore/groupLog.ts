import { randomUUID } from 'node:crypto';
import { isActionsError } from '../../errors.js';
import type { EventData, EventStore, ExpectedVersion } from '../../ports.js';
import { encodeObject } from '../store/codec.js';
import { followGroup, type GroupView } from './groupView.js';
import { streamMetadata } from './partitionStream.js';
import type { GroupStreams } from './groupStreams.js';

/** An append at the version that was read, kept while it may have to be repeated. */
interface ExactAppend {
  readonly events: readonly EventData[];
  readonly expected: ExpectedVersion;
}

/** Appends to the streams of a group, and reads them. */
export interface GroupLog {
  /** The present state of the streams, this process's own appends included. */
  seen(): Promise<GroupView>;
  /** @returns the version of the last event */
  append(stream: string, events: readonly EventData[], expectedVersion: ExpectedVersion): Promise<bigint>;
  /** Appends at exactly the version that was read; `undefined` where another worker has appended meanwhile. */
  appendExactly(stream: string, exact: ExactAppend): Promise<bigint | undefined>;
  setMetadata(stream: string, data: EventData['data']): Promise<void>;
  close(): Promise<void>;
}

export const newEvent = (type: string, data: object): EventData => ({
  id: randomUUID(),
  type,
  data: encodeObject(data),
});

export function groupLog(store: EventStore, streams: GroupStreams): GroupLog {
  let view: GroupView | undefined;
  let written: bigint | undefined;

  function noteWritten(position: bigint | undefined): void {
    if (position !== undefined && (written === undefined || position > written)) written = position;
  }

  /**
   * The version of an append that met a conflict because an earlier try of it was stored; `undefined` where none was.
   */
  async function keptVersion(stream: string, events: readonly EventData[]): Promise<bigint | undefined> {
    const ids = new Set(events.map(({ id }) => id));
    for await (const { id, version } of store.readStream(stream, { direction: 'backwards', limit: 1 }))
      return ids.has(id) ? version : undefined;
    return undefined;
  }

  const log: GroupLog = {
    async seen() {
      view ??= followGroup(store, streams);
      await view.upTo(written);
      return view;
    },
    async append(stream, events, expectedVersion) {
      const result = await store.append(stream, events, { expectedVersion });
      noteWritten(result.position);
      return result.version;
    },
    async appendExactly(stream, { events, expected }) {
      try {
        return await log.append(stream, events, expected);
      } catch (error) {
        if (!isActionsError(error, 'CONCURRENCY_CONFLICT')) throw error;
        return await keptVersion(stream, events);
      }
    },
    /** Only servers have metadata of streams: local stores keep every event. */
    async setMetadata(stream, data) {
      if (store.local) return;
      const [metastream, metadata] = streamMetadata(stream, data);
      // No reader waits for the metadata.
      await store.append(metastream, [metadata], { expectedVersion: 'any' }).catch(() => undefined);
    },
    async close() {
      await view?.close();
    },
  };
  return log;
}
