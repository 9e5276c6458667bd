import { encode } from '../store/codec.js';
import type { LaneRow } from '../store/deliveryStore.js';

/** Servers take events of up to 1 MB. */
const mostBytes = 700_000;
const bytesOf = (row: LaneRow): number => Buffer.byteLength(encode(row)) + 1;

/** Lanes in pieces that each fit into one event; at least one piece. */
export function inPieces(lanes: readonly LaneRow[]): readonly (readonly LaneRow[])[] {
  const pieces: LaneRow[][] = [[]];
  let bytes = 0;
  for (const lane of lanes) {
    const size = bytesOf(lane);
    if (bytes + size > mostBytes && bytes > 0) {
      pieces.push([]);
      bytes = 0;
    }
    pieces.at(-1)?.push(lane);
    bytes += size;
  }
  return pieces;
}
