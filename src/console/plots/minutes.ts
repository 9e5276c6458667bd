import type { KeptCall } from '../../index.js';
import type { Plots, TargetPlot } from '../wire/calls.js';

export const minuteMs = 60_000;
const shownMinutes = 60;
const shownTargets = 50;

/** The bounds of durations from 0.1 ms to 270 s and more, each 10 % above the one before. */
const factor = 1.1;
const firstMs = 0.1;
const steps = 156;

const stepOf = (durationMs: number): number =>
  Math.min(Math.max(Math.ceil(Math.log(durationMs / firstMs) / Math.log(factor)), 0), steps - 1);
const endOf = (step: number): number => firstMs * factor ** step;

const verdicts = ['passed', 'amended', 'refused', 'failed'] as const;

/** The calls of one target in one minute: counts by verdict and by step of duration. */
interface Cell {
  name: string;
  readonly verdicts: Uint32Array;
  readonly durations: Uint32Array;
}

const newCell = (): Cell => ({
  name: '',
  verdicts: new Uint32Array(verdicts.length),
  durations: new Uint32Array(steps),
});

const callsIn = ({ verdicts: counts }: Cell): number => counts.reduce((sum, count) => sum + count, 0);

/** The upper bound of the step that holds this share of the calls. */
function boundOf(cell: Cell, part: number): number {
  const wanted = Math.max(1, Math.ceil(callsIn(cell) * part));
  let seen = 0;
  for (const [step, count] of cell.durations.entries()) {
    seen += count;
    if (seen >= wanted) return endOf(step);
  }
  return endOf(steps - 1);
}

/** The calls of one instance in the last hour, by minute and target. */
export interface Minutes {
  readonly cells: number;
  add(call: KeptCall, now: number): void;
  /** The number of calls that the feed missed. */
  miss(count: number): void;
  /** Drops the oldest cell. */
  dropOldest(): void;
  plots(now: number, targetID: string | undefined): Plots;
}

export function createMinutes(): Minutes {
  /** Cells by the minute since the epoch, unordered, then by target id. */
  const minutes = new Map<number, Map<string, Cell>>();
  let cells = 0;
  let missed = 0;

  function forget(minute: number): void {
    cells -= minutes.get(minute)?.size ?? 0;
    minutes.delete(minute);
  }

  function forgetBefore(first: number): void {
    for (const minute of minutes.keys()) if (minute < first) forget(minute);
  }

  function cellOf(minute: number, targetID: string): Cell {
    let targets = minutes.get(minute);
    if (!targets) minutes.set(minute, (targets = new Map<string, Cell>()));
    let cell = targets.get(targetID);
    if (!cell) {
      targets.set(targetID, (cell = newCell()));
      cells += 1;
    }
    return cell;
  }

  function plotOf(targetID: string, shown: readonly number[]): TargetPlot {
    const found = shown.map((minute) => minutes.get(minute)?.get(targetID));
    const counts = (place: number) => found.map((cell) => cell?.verdicts[place] ?? 0);
    const bounds = (part: number) => found.map((cell) => (cell ? boundOf(cell, part) : null));
    return {
      targetID,
      name: found.findLast((cell) => cell !== undefined)?.name ?? '',
      passed: counts(0),
      amended: counts(1),
      refused: counts(2),
      failed: counts(3),
      p50Ms: bounds(0.5),
      p99Ms: bounds(0.99),
    };
  }

  return {
    get cells() {
      return cells;
    },
    add({ at, targetID, name, verdict, durationMs }, now) {
      const [minute, latest] = [Math.floor(Date.parse(at) / minuteMs), Math.floor(now / minuteMs)];
      // Drop a call outside of the hour: the actions may use another clock.
      if (!(minute > latest - shownMinutes && minute <= latest + 1)) return;
      if (!minutes.has(minute)) forgetBefore(latest - shownMinutes + 1);
      const cell = cellOf(minute, targetID);
      cell.name = name;
      const [place, step] = [verdicts.indexOf(verdict), stepOf(durationMs)];
      cell.verdicts[place] = (cell.verdicts[place] ?? 0) + 1;
      cell.durations[step] = (cell.durations[step] ?? 0) + 1;
    },
    miss(count) {
      missed += count;
    },
    dropOldest() {
      if (minutes.size === 0) return;
      const oldest = Math.min(...minutes.keys());
      const targets = minutes.get(oldest);
      for (const [targetID, cell] of targets ?? []) {
        targets?.delete(targetID);
        cells -= 1;
        missed += callsIn(cell);
        break;
      }
      if (targets?.size === 0) minutes.delete(oldest);
    },
    plots(now, targetID) {
      const latest = Math.floor(now / minuteMs);
      forgetBefore(latest - shownMinutes + 1);
      const shown = Array.from({ length: shownMinutes }, (_, place) => latest - shownMinutes + 1 + place);
      const calls = new Map<string, number>();
      for (const minute of shown)
        for (const [id, cell] of minutes.get(minute) ?? [])
          calls.set(id, (calls.get(id) ?? 0) + callsIn(cell));
      const ids = targetID === undefined ? [...calls.keys()] : calls.has(targetID) ? [targetID] : [];
      const most = ids.sort((one, other) => (calls.get(other) ?? 0) - (calls.get(one) ?? 0));
      return {
        minutes: shown.map((minute) => new Date(minute * minuteMs).toISOString()),
        targets: most.slice(0, shownTargets).map((id) => plotOf(id, shown)),
        total: ids.length,
        missed,
      };
    },
  };
}
