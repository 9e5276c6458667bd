import { scaleLinear, scaleLog } from 'd3-scale';
import { count, milliseconds } from '../lib/shown/figures.js';
import { baseLine, valueGrid } from './axes.js';
import { at, draw, picture, told, type Drawing } from './drawing.js';

const height = 180;
/** The number of lines for labels above the bars, so that the labels of close percentiles do not overlap. */
const labelLine = 16;
const top = 3 * labelLine + 8;

/** The durations of calls. */
interface Durations {
  readonly bins: readonly { readonly fromMs: number; readonly toMs: number; readonly calls: number }[];
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Draws durations on a logarithmic scale, with three percentiles. */
export function histogram({ bins, p50, p90, p99 }: Durations): Drawing {
  const [low, high] = [bins[0]?.fromMs ?? 1, bins.at(-1)?.toMs ?? 10];
  // A single bin gets an empty one beside it.
  const x = scaleLog([Math.min(low, high / 10), high], [0, 100]);
  const most = Math.max(1, ...bins.map(({ calls }) => calls));
  const y = scaleLinear([0, most], [height, top]).nice(3);
  const decades = x
    .ticks(4)
    .filter((tick) => Number.isInteger(Math.log10(tick)) || Math.log10(high / low) < 1.2);
  const kept = decades.filter((_, index) => index % Math.ceil(decades.length / 6) === 0);
  const times = kept.flatMap((tick) => {
    const place = x(tick);
    const anchor = place < 6 ? 'start' : place > 94 ? 'end' : 'middle';
    return [
      draw('line', { class: 'axis', x1: at(place), x2: at(place), y1: height, y2: height + 5 }),
      draw('text', { class: `tick ${anchor}`, x: at(place), y: height + 20 }, milliseconds(tick)),
    ];
  });
  const bars = bins.map(({ fromMs, toMs, calls }) => {
    const width = x(toMs) - x(fromMs);
    const hit = { x: at(x(fromMs)), width: at(width), y: top, height: height - top };
    const bar = { x: at(x(fromMs) + 0.1), width: at(Math.max(0.1, width - 0.2)) };
    return told(
      `${milliseconds(fromMs)} to ${milliseconds(toMs)}: ${count(calls)} calls`,
      draw('rect', { class: 'hit', ...hit }),
      draw('rect', { class: 'planned', ...bar, y: y(calls), height: height - y(calls) }),
    );
  });
  const percentiles = [
    ['p50', p50],
    ['p90', p90],
    ['p99', p99],
  ] as const;
  const marks = percentiles.map(([name, value], index) => {
    const place = Math.min(100, Math.max(0, x(value)));
    const isRight = place > 60;
    const baseline = labelLine * (index + 1) - 4;
    const text = { x: at(place), dx: isRight ? -5 : 5, y: baseline };
    return told(
      `${name}: ${milliseconds(value)}`,
      draw('line', { class: 'mark', x1: at(place), x2: at(place), y1: baseline - 10, y2: height }),
      draw('text', { class: `tick ${isRight ? 'end' : 'start'}`, ...text }, `${name} ${milliseconds(value)}`),
    );
  });
  const label = `Histogram of answer times: half of the calls were answered within ${milliseconds(p50)}, 99 % within ${milliseconds(p99)}.`;
  return picture(height, label, [
    ...valueGrid(y.ticks(3).filter(Number.isInteger), y, count),
    ...bars,
    baseLine(height),
    ...times,
    ...marks,
  ]);
}
