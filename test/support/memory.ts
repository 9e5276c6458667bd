import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Some memory is freed turns after the collection that finds it, as the buffers of a socket. */
const mostLooks = 20;

/** Bytes in use: what is held, and the garbage beside it. */
function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bytes that are held once the garbage is collected. */
export function heldBytes(): number {
  collectGarbage();
  return usedBytes();
}

/** Whether no more than `most` bytes are held, within some turns of the event loop. */
export async function holdsAtMost(most: number): Promise<boolean> {
  // A collection of a large heap takes long, and what is held is never more than what is in use.
  if (usedBytes() <= most) return true;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    if (heldBytes() <= most) return true;
    await nextTurn();
  }
  return false;
}
