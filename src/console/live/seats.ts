import { ConsoleProblem } from '../calls/problems.js';

/** The most pages that follow calls, for one instance and for all. */
export const seatsPerInstance = 10;
export const seatsInAll = 60;

interface Seat {
  /** Why the page lost its seat; `undefined` while it holds the seat. */
  readonly lost: string | undefined;
  release(): void;
}

interface Held {
  readonly instanceID: string;
  readonly onLost: () => void;
  lost: string | undefined;
}

/**
 * Shares the seats of followers between instances: where all are taken, the instance with the most seats loses its oldest.
 */
export function createSeats() {
  const held = new Set<Held>();

  const countOf = (instanceID: string): number =>
    [...held].filter((seat) => seat.instanceID === instanceID).length;

  function makeRoom(instanceID: string): void {
    const counts = new Map<string, number>();
    for (const seat of held) counts.set(seat.instanceID, (counts.get(seat.instanceID) ?? 0) + 1);
    const [fullest, most] = [...counts].reduce((one, other) => (other[1] > one[1] ? other : one));
    if (most <= countOf(instanceID) + 1) throw tooMany(`${seatsInAll} pages follow the calls already`);
    for (const seat of held) {
      if (seat.instanceID !== fullest) continue;
      held.delete(seat);
      seat.lost = 'too many pages follow the calls: this one was open for the longest';
      seat.onLost();
      return;
    }
  }

  return {
    /** @throws {@link ConsoleProblem} 429 */
    take(instanceID: string, onLost: () => void): Seat {
      if (countOf(instanceID) >= seatsPerInstance)
        throw tooMany(`${seatsPerInstance} pages of this instance follow the calls already`);
      if (held.size >= seatsInAll) makeRoom(instanceID);
      const seat: Held = { instanceID, onLost, lost: undefined };
      held.add(seat);
      return {
        get lost() {
          return seat.lost;
        },
        release: () => {
          held.delete(seat);
        },
      };
    },
  };
}

const tooMany = (what: string) => new ConsoleProblem(429, 'TOO_MANY', `${what}: close one of them`);
