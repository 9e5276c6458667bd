import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Some memory, such as the buffers of a socket, is freed some turns after its collection. */
const mostLooks = 20;

/** Bytes in use, garbage included. */
function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bytes in use after a garbage collection. */
export function heldBytes(): number {
  collectGarbage();
  return usedBytes();
}

/** Whether no more than `most` bytes are held, within some turns of the event loop. */
export async function holdsAtMost(most: number): Promise<boolean> {
  // Check the bytes in use first, which are never less: a collection of a large heap takes long.
  if (usedBytes() <= most) return true;
  for (let looks = 0; looks < mostLooks; looks += 1) {
    if (heldBytes() <= most) return true;
    await nextTurn();
  }
  return false;
}
