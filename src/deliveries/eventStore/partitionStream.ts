import type { EventData, EventStore, ExpectedVersion } from '../../ports.js';
import { decodeObject } from '../store/codec.js';
import type { PartitionChange, PartitionState } from '../store/deliveryStore.js';
import { applyChange } from '../store/keys.js';

/** A partition as its stream tells it. */
export interface LoadedPartition {
  /** Version of its last event, which the next append expects. */
  readonly expected: ExpectedVersion;
  /** Token of the last claim; `0n` for none. */
  readonly epoch: bigint;
  readonly owner: string | undefined;
  readonly state: PartitionState | undefined;
  /** The ids of its last events, the newest first. */
  readonly lastIDs: readonly string[];
}

interface Snapshot {
  readonly owner?: string;
  readonly epoch: bigint;
  readonly state: PartitionState | null;
}

/** Reads backwards to the last snapshot, or the beginning, and folds from there. */
export async function loadPartition(store: EventStore, stream: string): Promise<LoadedPartition> {
  const changes: PartitionChange[] = [];
  const lastIDs: string[] = [];
  let expected: ExpectedVersion = 'no-stream';
  let claim: { readonly epoch: bigint; readonly owner: string } | undefined;
  let isReleased = false;
  let snapshot: Snapshot | undefined;
  for await (const { type, data, version, id } of store.readStream(stream, { direction: 'backwards' })) {
    if (expected === 'no-stream') expected = version;
    lastIDs.push(id);
    if (type === 'partition.released' && !claim) isReleased = true;
    else if (type === 'partition.claimed') claim ??= decodeObject(data) as { epoch: bigint; owner: string };
    else if (type === 'partition.advanced')
      changes.push((decodeObject(data) as { change: PartitionChange }).change);
    else if (type === 'partition.snapshot') {
      snapshot = decodeObject(data) as Snapshot;
      break;
    }
  }
  let state: PartitionState | undefined = snapshot?.state ?? undefined;
  for (const change of changes.reverse()) state = applyChange(state, change);
  return {
    expected,
    epoch: claim?.epoch ?? snapshot?.epoch ?? 0n,
    owner: isReleased ? undefined : (claim?.owner ?? snapshot?.owner),
    state,
    lastIDs,
  };
}

/** Metadata of a stream, where the store has any: what was truncated is no longer read. */
export const streamMetadata = (stream: string, data: EventData['data']): readonly [string, EventData] => [
  `$$${stream}`,
  { type: '$metadata', data },
];
