import type { CursorKey, LaneKey } from './deliveryStore.js';

/** A text key. Ids of instances hold no blank, so the first blank ends them; the id of the target comes last. */
export const targetKey = ({ instanceID, targetID }: Pick<LaneKey, 'instanceID' | 'targetID'>): string =>
  `${instanceID} ${targetID}`;

export const laneKey = ({ instanceID, targetID, replay, unit, stream }: LaneKey): string =>
  JSON.stringify([instanceID, targetID, replay, unit, stream]);

export const cursorKey = ({ instanceID, targetID, replay }: CursorKey): string =>
  JSON.stringify([instanceID, targetID, replay]);
