import { ConsoleProblem } from '../calls/problems.js';

/** Rehearsals that run at once, and the bytes of the bodies that they hold, of one instance and of all. */
export const rehearsalRoom = {
  instance: { count: 4, bytes: 32 * 1_048_576 },
  all: { count: 16, bytes: 96 * 1_048_576 },
  /** For the answers to one rehearsal that is sent, and for the content that they amend. */
  answers: 6 * 1_048_576,
} as const;

type Held = { count: number; bytes: number };

const tooLarge = (bytes: number) =>
  new ConsoleProblem(
    413,
    'TOO_LARGE',
    `this rehearsal would hold ${bytes} bytes in all, more than ${rehearsalRoom.instance.bytes}: rehearse with ` +
      'less content; nothing was called',
  );

const full = (whose: string) =>
  new ConsoleProblem(
    503,
    'TOO_MANY',
    `the rehearsals ${whose} that run now leave no room for another: send the rehearsal again when one has ended; nothing was called`,
  );

/** Bounds the rehearsals that run at once: each holds its content once for each target, and answers. */
export function createRehearsalRoom() {
  const all: Held = { count: 0, bytes: 0 };
  const instances = new Map<string, Held>();

  const fits = ({ count, bytes }: Held, more: number, most: Held): boolean =>
    count < most.count && bytes + more <= most.bytes;

  /** @throws {@link ConsoleProblem} 413 for one that never fits, 503 while there is no room */
  return async <Result>(
    instanceID: string,
    bytes: number,
    rehearse: () => Promise<Result>,
  ): Promise<Result> => {
    if (bytes > rehearsalRoom.instance.bytes) throw tooLarge(bytes);
    const own = instances.get(instanceID) ?? { count: 0, bytes: 0 };
    if (!fits(own, bytes, rehearsalRoom.instance)) throw full('of this instance');
    if (!fits(all, bytes, rehearsalRoom.all)) throw full('of all instances');
    instances.set(instanceID, own);
    for (const held of [own, all]) {
      held.count += 1;
      held.bytes += bytes;
    }
    try {
      return await rehearse();
    } finally {
      for (const held of [own, all]) {
        held.count -= 1;
        held.bytes -= bytes;
      }
      if (own.count === 0) instances.delete(instanceID);
    }
  };
}
