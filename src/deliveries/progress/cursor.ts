import type { CursorRow, Stop } from '../store/deliveryStore.js';
import { cursorKey } from '../store/keys.js';

/** How far the events of a partition were read for one target, or for one replay. */
export class Cursor {
  readonly key: string;
  readonly instanceID: string;
  readonly targetID: string;
  readonly replay: string;
  /** The position up to which events were read; `undefined`: the position of the partition. */
  position: bigint | undefined;
  until: bigint | undefined;
  origin = '';
  stop: Stop = '';
  reason = '';

  constructor(key: Pick<CursorRow, 'instanceID' | 'targetID' | 'replay'>) {
    this.key = cursorKey(key);
    this.instanceID = key.instanceID;
    this.targetID = key.targetID;
    this.replay = key.replay;
  }

  static restored(row: CursorRow): Cursor {
    const cursor = new Cursor(row);
    cursor.position = row.position ?? undefined;
    cursor.until = row.until ?? undefined;
    const { origin, stop, reason } = row;
    return Object.assign(cursor, { origin, stop, reason });
  }

  /** Whether the cursor needs a row: a cursor that began and is at the position of its partition needs none. */
  get isWorthKeeping(): boolean {
    return this.position !== undefined || this.origin !== '' || this.stop !== '';
  }

  row(): CursorRow {
    const { instanceID, targetID, replay, position = null, until = null, origin, stop, reason } = this;
    return { instanceID, targetID, replay, position, until, origin, stop, reason };
  }
}

/** The origin of the replay of a period: events at or after `from` and before `to`. */
export const periodOf = (from: bigint, to: bigint): string => `${from} ${to}`;

/** Whether an event lies in the period that a cursor replays; `true` for a cursor that replays no period. */
export function isInPeriod({ replay, origin }: Pick<Cursor, 'replay' | 'origin'>, position: bigint): boolean {
  if (replay === '') return true;
  const [from = '0', to = '0'] = origin.split(' ');
  return position >= BigInt(from) && position < BigInt(to);
}
