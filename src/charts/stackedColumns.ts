import { scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { count, span, utc } from '../lib/shown/figures.js';
import { timeAxis, valueGrid } from './axes.js';
import { at, draw, picture, told, type Drawing } from './drawing.js';
import type { Series } from './series.js';

/** The width of a single bar, in percent. */
const widestBar = 12;

interface StackedColumns<Key extends string> {
  /** The name of the counted things, `events` for example. */
  readonly what: string;
  readonly series: readonly Series<Key>[];
  /** At least one period; consecutive, without a gap. `from` is an ISO time. */
  readonly buckets: readonly (Readonly<Record<Key, number>> & { readonly from: string })[];
  readonly bucketMs: number;
  /** @defaultValue 220 */
  readonly height?: number;
}

/** Draws a bar for each period. Its parts are stacked in the order of the series. */
export function stackedColumns<Key extends string>({
  what,
  series,
  buckets,
  bucketMs,
  height = 220,
}: StackedColumns<Key>): Drawing {
  type Bucket = (typeof buckets)[number];
  const layers = stack<Bucket, Key>()
    .keys(series.map(({ key }) => key))
    .value((bucket, key) => bucket[key])([...buckets]);
  const most = Math.max(1, ...(layers.at(-1)?.map(([, top]) => top) ?? []));
  const y = scaleLinear([0, most], [height, 0]).nice(4);
  const from = buckets[0]?.from ?? '';
  const width = 100 / buckets.length;
  const barWidth = Math.min(widestBar, width - Math.min(0.6, width * 0.15));
  const columns = buckets.map((bucket, index) => {
    const said = series.map(({ key, label }) => `${count(bucket[key])} ${label}`).join(', ');
    const parts = layers.flatMap((layer, place) => {
      const [low, high] = layer[index] ?? [0, 0];
      if (high === low) return [];
      const x = at(index * width + (width - barWidth) / 2);
      const size = { width: at(barWidth), y: y(high), height: y(low) - y(high) };
      return [draw('rect', { class: series[place]?.colour ?? 'planned', x, ...size })];
    });
    const hit = draw('rect', { class: 'hit', x: at(index * width), width: at(width), y: 0, height });
    return told(`${utc(bucket.from)}, ${span(bucketMs)}: ${said}`, hit, ...parts);
  });
  const label = `Stacked bars of ${count(buckets.length)} periods of ${span(bucketMs)}, from ${utc(from)}; the tallest has ${count(most)} ${what}.`;
  const periods = { first: Date.parse(from), lengthMs: bucketMs, count: buckets.length };
  return picture(height, label, [
    ...valueGrid(y.ticks(4).filter(Number.isInteger), y, count),
    ...columns,
    ...timeAxis(periods, height),
  ]);
}
