import { scaleLinear } from 'd3-scale';
import { count } from '../lib/shown/figures.js';
import { shortened } from '../lib/shown/shortened.js';
import { at, draw, picture, told, type Drawing } from './drawing.js';
import type { Series } from './series.js';

/** One bar: a name above it, and the total at its end. */
export interface BarRow<Key extends string> {
  readonly name: string;
  readonly counts: Readonly<Record<Key, number>>;
}

export const mostBars = 12;
const rowHeight = 44;
const barHeight = 16;
/** The widest label that fits beside its total on a phone. */
const longestName = 30;

/** Bars below each other; each length is its share of the largest total. */
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
    const top = index * rowHeight;
    const bar = { y: top + 20, height: barHeight };
    const said = series.map(({ key, label }) => `${count(row.counts[key])} ${label}`).join(', ');
    let before = 0;
    const parts = series.flatMap(({ key, colour }) => {
      const from = before;
      before += row.counts[key];
      if (before === from) return [];
      return [draw('rect', { class: colour, x: at(x(from)), width: at(x(before) - x(from)), ...bar })];
    });
    return told(
      `${shortened(row.name, 200)}: ${said}`,
      draw('text', { class: 'name', x: 0, y: top + 13 }, shortened(row.name, longestName)),
      draw('text', { class: 'tick end', x: '100%', y: top + 13 }, count(totalOf(row))),
      draw('rect', { class: 'track', x: 0, width: '100%', ...bar }),
      ...parts,
    );
  });
  const label = `Stacked bars of ${what}; the longest has ${count(most)}.`;
  return picture(Math.max(1, shown.length) * rowHeight, label, bars);
}
