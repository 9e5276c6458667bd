import { createSlots, type Slots } from './slots.js';

/** Slots for each key: for each target, or each host. Those of which none is taken are forgotten. */
export function createLanes(atOnce: number): (key: string) => Slots {
  const lanes = new Map<string, Slots>();
  return (key) => {
    let lane = lanes.get(key);
    if (!lane) lanes.set(key, (lane = createSlots(atOnce, () => lanes.delete(key))));
    return lane;
  };
}
