import type { DeadLetter, RecordedEvent } from '../../../../src/index.js';
import type { Call } from './receiver.js';

/** The result of a run, which is judged without code of the worker. */
interface Run {
  readonly events: readonly RecordedEvent[];
  /** Names of targets by id. Every target matches every event. */
  readonly targets: ReadonlyMap<string, string>;
  readonly log: readonly Call[];
  readonly deadLetters: readonly DeadLetter[];
  /** Whether the receiver always refuses it. */
  readonly isRefused: (target: string, event: RecordedEvent) => boolean;
  /** Kills and freezes. */
  readonly disturbances: number;
  readonly atOnce: number;
  readonly commitMs: number;
}

export interface Verdict {
  readonly violations: readonly string[];
  readonly calls: number;
  readonly delivered: number;
  readonly duplicates: number;
  readonly parked: number;
}

const isTaken = ({ status }: Call): boolean => status >= 200 && status < 300;
const timesOf = ({ version, startedAt, endedAt = NaN, status }: Call): string =>
  `${version} (${startedAt.toFixed(1)} to ${endedAt.toFixed(1)}, ${status})`;
const placeOf = (target: string, stream: string, version: number | bigint): string =>
  `${target} ${stream} ${version}`;

/** Judges I1 to I6 by the receiver's log and the event store alone. */
export function judge(run: Run): Verdict {
  const violations: string[] = [];
  const firstTaken = new Map<string, number>();
  const takenTimes = new Map<string, number>();
  const ids = new Map<string, string>();
  const open = new Map<string, Call>();
  let duplicates = 0;
  const letters = new Map<string, DeadLetter>();
  for (const letter of run.deadLetters)
    letters.set(placeOf(run.targets.get(letter.targetID) ?? '', letter.stream, letter.version), letter);
  for (const call of run.log) {
    const place = placeOf(call.target, call.stream, call.version);
    if (isTaken(call) && call.endedAt !== undefined) {
      const known = firstTaken.get(place);
      if (known === undefined || call.endedAt < known) firstTaken.set(place, call.endedAt);
      const times = (takenTimes.get(place) ?? 0) + 1;
      takenTimes.set(place, times);
      if (times > 1) duplicates++;
    }
    const id = ids.get(place);
    if (id !== undefined && id !== call.webhookID) violations.push(`I5: two webhook ids for ${place}`);
    ids.set(place, call.webhookID);
  }
  const before = new Map<string, bigint>();
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of run.events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  for (const [stream, events] of streams)
    for (const [place, event] of events.entries()) {
      const previous = events[place - 1];
      if (previous) before.set(`${stream} ${event.version}`, previous.version);
    }
  for (const call of [...run.log].sort((left, right) => left.startedAt - right.startedAt)) {
    const previous = before.get(`${call.stream} ${call.version}`);
    if (previous !== undefined && !call.isReplay) {
      const place = placeOf(call.target, call.stream, previous);
      const taken = firstTaken.get(place);
      if (!letters.has(place) && !(taken !== undefined && taken <= call.startedAt))
        violations.push(
          `I2: ${placeOf(call.target, call.stream, call.version)} was called before ${previous} was taken`,
        );
    }
    const lane = `${call.target} ${call.stream}`;
    const other = open.get(lane);
    if (other && (other.endedAt ?? Infinity) > call.startedAt)
      violations.push(`I3: two open requests of ${lane}: ${timesOf(other)} and ${timesOf(call)}`);
    open.set(lane, call);
  }
  let delivered = 0;
  for (const target of run.targets.values())
    for (const event of run.events) {
      const place = placeOf(target, event.stream, event.version);
      const isParked = letters.has(place);
      if (firstTaken.has(place)) delivered++;
      else if (!isParked) violations.push(`I1: ${place} is missing`);
      if (isParked !== run.isRefused(target, event))
        violations.push(`I4: ${place} is ${isParked ? '' : 'no '}dead letter`);
    }
  const taken = run.log.filter(isTaken).map(({ endedAt }) => endedAt ?? 0);
  const most = (run.disturbances + 1) * (run.atOnce + mostWithin(taken, run.commitMs * 3));
  if (duplicates > most) violations.push(`I6: ${duplicates} duplicates, at most ${most} are explained`);
  return { violations, calls: run.log.length, delivered, duplicates, parked: letters.size };
}

/** The most of these times that lie within `ms`. */
function mostWithin(times: readonly number[], ms: number): number {
  const sorted = [...times].sort((left, right) => left - right);
  let most = 0;
  let first = 0;
  for (const [place, time] of sorted.entries()) {
    while (time - (sorted[first] ?? 0) > ms) first++;
    most = Math.max(most, place - first + 1);
  }
  return most;
}
