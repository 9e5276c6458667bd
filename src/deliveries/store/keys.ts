import type { CursorKey, LaneKey } from './deliveryStore.js';

/** Ids of instances have no blank; those of targets are the operators', and stand last of what may hold one. */
export const targetKey = ({ instanceID, targetID }: Pick<LaneKey, 'instanceID' | 'targetID'>): string =>
  `${instanceID} ${targetID}`;

export const laneKey = ({ instanceID, targetID, replay, unit, stream }: LaneKey): string =>
  JSON.stringify([instanceID, targetID, replay, unit, stream]);

export const cursorKey = ({ instanceID, targetID, replay }: CursorKey): string =>
  JSON.stringify([instanceID, targetID, replay]);
