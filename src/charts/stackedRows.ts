import { scaleLinear } from 'd3-scale';
import { count } from '../lib/shown/figures.js';
import { barRow, barTop } from './barRow.js';
import { at, draw, picture, type Drawing } from './drawing.js';
import type { Series } from './series.js';

/** A bar with a name above it and the total at its end. */
interface BarRow<Key extends string> {
  readonly name: string;
  readonly counts: Readonly<Record<Key, number>>;
}

export const mostBars = 12;
const rowHeight = 44;
const barHeight = 16;
const longestName = 30;

/** Draws bars below each other, scaled to the largest total. */
export function stackedRows<Key extends string>(
  what: string,
  series: readonly Series<Key>[],
  rows: readonly BarRow<Key>[],
): Drawing {
  const shown = rows.slice(0, mostBars);
  const totalOf = ({ counts }: BarRow<Key>) => series.reduce((sum, { key }) => sum + counts[key], 0);
  const most = Math.max(1, ...shown.map(totalOf));
  const x = scaleLinear([0, most], [0, 100]);
  const bars = shown.map((row, index) => {
    const bar = { y: index * rowHeight + barTop, height: barHeight };
    const said = series.map(({ key, label }) => `${count(row.counts[key])} ${label}`).join(', ');
    let before = 0;
    const parts = series.flatMap(({ key, colour }) => {
      const from = before;
      before += row.counts[key];
      if (before === from) return [];
      return [draw('rect', { class: colour, x: at(x(from)), width: at(x(before) - x(from)), ...bar })];
    });
    return barRow(bar, { name: row.name, longestName, figure: count(totalOf(row)), said }, parts);
  });
  const label = `Stacked bars of ${what}; the longest has ${count(most)}.`;
  return picture(Math.max(1, shown.length) * rowHeight, label, bars);
}
