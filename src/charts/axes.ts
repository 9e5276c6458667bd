import { scaleUtc } from 'd3-scale';
import { at, draw, type Drawing } from './drawing.js';

/** How many labels fit beside each other on a wide screen, and on a phone. */
const timeTicks = 6;
const phoneTicks = 3;
const day = 86_400_000;

/** Periods of equal length beside each other. */
interface Periods {
  /** When the first period begins. Milliseconds since 1970. */
  readonly first: number;
  readonly lengthMs: number;
  readonly count: number;
}

/** The label of a period: the part of its time that differs from the other periods. */
function tickText(time: Date, lengthMs: number, spanMs: number): string {
  const text = time.toISOString();
  if (lengthMs >= day) return text.slice(0, 10);
  if (spanMs > day) return text.slice(5, 16).replace('T', ' ');
  return text.slice(11, lengthMs < 60_000 ? 19 : 16);
}

/** The labels of times in UTC, below the plot. */
export function timeAxis({ first, lengthMs, count }: Periods, height: number): readonly Drawing[] {
  const x = scaleUtc([first, first + count * lengthMs], [0, 100]);
  const ticks = x.ticks(timeTicks).filter((tick) => tick.getTime() % 1_000 === 0);
  const labels = ticks.map((tick, index) => {
    const place = at(x(tick));
    const anchor = x(tick) < 8 ? 'start' : x(tick) > 92 ? 'end' : 'middle';
    const isOnPhone = index % Math.ceil(ticks.length / phoneTicks) === 0;
    return draw(
      'g',
      { class: isOnPhone ? 'time' : 'time wide' },
      draw('line', { class: 'axis', x1: place, x2: place, y1: height, y2: height + 5 }),
      draw(
        'text',
        { class: `tick ${anchor}`, x: place, y: height + 20 },
        tickText(tick, lengthMs, count * lengthMs),
      ),
    );
  });
  return [baseLine(height), ...labels];
}

export const baseLine = (height: number): Drawing =>
  draw('line', { class: 'axis', x1: 0, x2: '100%', y1: height, y2: height });

/** The grid behind the plot: a line with its value for each tick. */
export const valueGrid = (
  ticks: readonly number[],
  y: (tick: number) => number,
  said: (tick: number) => string,
): readonly Drawing[] =>
  ticks.flatMap((tick) => [
    draw('line', { class: 'grid', x1: 0, x2: '100%', y1: y(tick), y2: y(tick) }),
    draw('text', { class: 'tick end', x: -8, y: y(tick) + 4 }, said(tick)),
  ]);
