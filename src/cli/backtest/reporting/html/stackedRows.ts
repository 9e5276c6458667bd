import { scaleLinear } from 'd3-scale';
import { count } from '../../tallying/figures.js';
import { shortened } from '../../tallying/shortened.js';
import { markup, type Markup } from './markup.js';
import { at } from './parts.js';
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
): Markup {
  const shown = rows.slice(0, mostBars);
  const totalOf = ({ counts }: BarRow<Key>) => series.reduce((sum, { key }) => sum + counts[key], 0);
  const most = Math.max(1, ...shown.map(totalOf));
  const x = scaleLinear([0, most], [0, 100]);
  const bars = shown.map((row, index) => {
    const top = index * rowHeight;
    const total = totalOf(row);
    const said = series.map(({ key, label }) => `${count(row.counts[key])} ${label}`).join(', ');
    let before = 0;
    const parts = series.map(({ key, colour }) => {
      const from = before;
      before += row.counts[key];
      if (before === from) return markup``;
      return markup`<rect class="${colour}" x="${at(x(from))}" width="${at(x(before) - x(from))}" y="${top + 20}" height="${barHeight}"/>`;
    });
    return markup`<g><title>${`${shortened(row.name, 200)}: ${said}`}</title><text class="name" x="0" y="${top + 13}">${shortened(row.name, longestName)}</text><text class="tick end" x="100%" y="${top + 13}">${count(total)}</text><rect class="track" x="0" width="100%" y="${top + 20}" height="${barHeight}"/>${parts}</g>\n`;
  });
  const height = Math.max(1, shown.length) * rowHeight;
  const label = `Stacked bars of ${what}; the longest has ${count(most)}.`;
  return markup`<div class="plot rows"><svg role="img" aria-label="${label}" width="100%" height="${height}">${bars}</svg></div>`;
}
