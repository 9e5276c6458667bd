import { scaleLinear } from 'd3-scale';
import { milliseconds, span, utc } from '../lib/shown/figures.js';
import { timeAxis, valueGrid } from './axes.js';
import { at, draw, picture, told, type Drawing } from './drawing.js';

/** A line of durations over time. */
interface Line<Key extends string> {
  readonly key: Key;
  readonly label: string;
}

interface Lines<Key extends string> {
  readonly lines: readonly Line<Key>[];
  /** Consecutive periods without a gap; `from` is an ISO time. A period without calls has no value. */
  readonly buckets: readonly (Readonly<Partial<Record<Key, number | undefined>>> & {
    readonly from: string;
  })[];
  readonly bucketMs: number;
  /** @defaultValue 140 */
  readonly height?: number;
}

/** Draws durations over time. A line has a gap where there is no value. */
export function lines<Key extends string>({
  lines: drawn,
  buckets,
  bucketMs,
  height = 140,
}: Lines<Key>): Drawing {
  const values = buckets.flatMap((bucket) => drawn.flatMap(({ key }) => bucket[key] ?? []));
  const most = Math.max(1, ...values);
  const y = scaleLinear([0, most], [height, 0]).nice(3);
  const width = 100 / Math.max(1, buckets.length);
  const middle = (index: number): string => at((index + 0.5) * width);
  const strokes = drawn.flatMap(({ key }) =>
    buckets.flatMap((bucket, index) => {
      const [value, next] = [bucket[key], buckets[index + 1]?.[key]];
      if (value === undefined) return [];
      if (next === undefined)
        return [draw('circle', { class: `dot ${key}`, cx: middle(index), cy: y(value), r: 3 })];
      const ends = { x1: middle(index), x2: middle(index + 1), y1: y(value), y2: y(next) };
      return [draw('line', { class: `stroke ${key}`, ...ends })];
    }),
  );
  const hits = buckets.map((bucket, index) => {
    const said = drawn.map(({ key, label }) => {
      const value = bucket[key];
      return `${label} ${value === undefined ? 'no call' : milliseconds(value)}`;
    });
    const place = { x: at(index * width), width: at(width), y: 0, height };
    return told(
      `${utc(bucket.from)}, ${span(bucketMs)}: ${said.join(', ')}`,
      draw('rect', { class: 'hit', ...place }),
    );
  });
  const from = buckets[0]?.from ?? '';
  const label = `Lines of ${drawn.map((line) => line.label).join(' and ')}, from ${utc(from)}; the highest is ${milliseconds(most)}.`;
  return picture(height, label, [
    ...valueGrid(y.ticks(3), y, milliseconds),
    ...hits,
    ...strokes,
    ...timeAxis({ first: Date.parse(from), lengthMs: bucketMs, count: buckets.length }, height),
  ]);
}
