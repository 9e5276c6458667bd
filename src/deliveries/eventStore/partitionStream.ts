import type { EventData, EventStore, ExpectedVersion } from '../../ports.js';
import { decodeObject } from '../store/codec.js';
import type { LaneRow, PartitionChange, PartitionState } from '../store/deliveryStore.js';
import { Frontier } from '../store/frontier.js';

/** The state of a partition, folded from its stream. */
interface LoadedPartition {
  /** Version of its last event, which the next append expects. */
  readonly expected: ExpectedVersion;
  /** Token of the last claim; `0n` for none. */
  readonly epoch: bigint;
  readonly owner: string | undefined;
  readonly frontier: Frontier | undefined;
}

/**
 * The whole state of a partition. Where it is too large for one event, the first lanes are in the `parts` events right
 * before it.
 */
export interface Snapshot {
  readonly owner?: string;
  readonly epoch: bigint;
  readonly state: PartitionState | null;
  readonly parts?: number;
}

/** Reads backwards to the last snapshot, or the beginning, and folds from there. */
export async function loadPartition(store: EventStore, stream: string): Promise<LoadedPartition> {
  const changes: PartitionChange[] = [];
  let expected: ExpectedVersion = 'no-stream';
  let claim: { readonly epoch: bigint; readonly owner: string } | undefined;
  let isReleased = false;
  let snapshot: Snapshot | undefined;
  let partsLeft = 0;
  const lanes: LaneRow[] = [];
  for await (const { type, data, version } of store.readStream(stream, { direction: 'backwards' })) {
    if (expected === 'no-stream') expected = version;
    if (partsLeft > 0) {
      lanes.push(...(decodeObject(data) as { lanes: readonly LaneRow[] }).lanes);
      partsLeft--;
    } else if (type === 'partition.released' && !claim) isReleased = true;
    else if (type === 'partition.claimed') claim ??= decodeObject(data) as { epoch: bigint; owner: string };
    else if (type === 'partition.advanced')
      changes.push((decodeObject(data) as { change: PartitionChange }).change);
    else if (type === 'partition.snapshot') {
      snapshot = decodeObject(data) as Snapshot;
      partsLeft = snapshot.parts ?? 0;
    }
    if (snapshot && partsLeft === 0) break;
  }
  const state = snapshot?.state;
  let frontier = state ? new Frontier({ ...state, lanes: [...state.lanes, ...lanes] }) : undefined;
  for (const change of changes.reverse()) (frontier ??= new Frontier()).apply(change);
  return {
    expected,
    epoch: claim?.epoch ?? snapshot?.epoch ?? 0n,
    owner: isReleased ? undefined : (claim?.owner ?? snapshot?.owner),
    frontier,
  };
}

/** The metadata of a stream, which tell a server to truncate the events before a snapshot. */
export const streamMetadata = (stream: string, data: EventData['data']): readonly [string, EventData] => [
  `$$${stream}`,
  { type: '$metadata', data },
];
