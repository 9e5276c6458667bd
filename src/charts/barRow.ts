import { shortened } from '../lib/shown/shortened.js';
import { visible } from '../lib/shown/visible.js';
import { draw, told, type Drawing } from './drawing.js';

/** Where the bar of a row begins: below its name. */
interface Bar {
  readonly y: number;
  readonly height: number;
}

interface BarRowText {
  readonly name: string;
  /** The widest name that fits beside the figure on a phone. Characters. */
  readonly longestName: number;
  /** The figure at the end of the row. */
  readonly figure: string;
  /** The tooltip of the row. */
  readonly said: string;
}

/** How far the bar begins below the top of its row, and how far the text stands above the bar. */
export const barTop = 20;
const textRise = 7;

/** Draws a row: a name and a figure, and below them a track with the parts of the bar. */
export function barRow(
  bar: Bar,
  { name, longestName, figure, said }: BarRowText,
  parts: readonly Drawing[],
): Drawing {
  const y = bar.y - textRise;
  return told(
    `${visible(shortened(name, 200))}: ${said}`,
    draw('text', { class: 'name', x: 0, y }, visible(shortened(name, longestName))),
    draw('text', { class: 'tick end', x: '100%', y }, figure),
    draw('rect', { class: 'track', x: 0, width: '100%', ...bar }),
    ...parts,
  );
}
