import { scaleLinear } from 'd3-scale';
import { milliseconds } from '../lib/shown/figures.js';
import { barRow, barTop } from './barRow.js';
import { at, draw, picture, type Drawing } from './drawing.js';
import type { Series } from './series.js';

/** A call or another activity with a duration. */
interface Span {
  readonly name: string;
  /** When the activity ended. Milliseconds since 1970. */
  readonly endedAt: number;
  readonly durationMs: number;
  readonly colour: Series<string>['colour'];
}

const rowHeight = 40;
const barHeight = 12;
const longestName = 34;

/** Draws spans below each other, on one time scale. */
export function timeline(spans: readonly Span[]): Drawing {
  const begins = spans.map(({ endedAt, durationMs }) => endedAt - durationMs);
  const from = Math.min(...begins);
  const whole = Math.max(1, ...spans.map(({ endedAt }) => endedAt - from));
  const x = scaleLinear([0, whole], [0, 100]);
  const rows = spans.map(({ name, durationMs, colour }, place) => {
    const begun = (begins[place] ?? from) - from;
    const bar = { y: place * rowHeight + barTop, height: barHeight };
    const said = `began after ${milliseconds(begun)}, took ${milliseconds(durationMs)}`;
    return barRow(bar, { name, longestName, figure: milliseconds(durationMs), said }, [
      draw('rect', { class: colour, x: at(x(begun)), width: at(Math.max(0.4, x(durationMs))), ...bar }),
    ]);
  });
  const label = `Bars of ${spans.length} calls on one scale of time, ${milliseconds(whole)} in all.`;
  return picture(Math.max(1, spans.length) * rowHeight, label, rows);
}
