import type { CursorKey, LaneKey, PartitionChange, PartitionState } from './deliveryStore.js';

/** Ids of instances have no blank; those of targets are the operators', and stand last of what may hold one. */
export const targetKey = ({ instanceID, targetID }: Pick<LaneKey, 'instanceID' | 'targetID'>): string =>
  `${instanceID} ${targetID}`;

export const laneKey = ({ instanceID, targetID, replay, unit, stream }: LaneKey): string =>
  JSON.stringify([instanceID, targetID, replay, unit, stream]);

export const cursorKey = ({ instanceID, targetID, replay }: CursorKey): string =>
  JSON.stringify([instanceID, targetID, replay]);

/** The state after a change. */
export function applyChange(state: PartitionState | undefined, change: PartitionChange): PartitionState {
  const cursors = new Map(state?.cursors.map((row) => [cursorKey(row), row]));
  const lanes = new Map(state?.lanes.map((row) => [laneKey(row), row]));
  for (const key of change.removeCursors) cursors.delete(cursorKey(key));
  for (const row of change.putCursors) cursors.set(cursorKey(row), row);
  for (const key of change.removeLanes) lanes.delete(laneKey(key));
  for (const row of change.putLanes) lanes.set(laneKey(row), row);
  return { position: change.position, cursors: [...cursors.values()], lanes: [...lanes.values()] };
}
