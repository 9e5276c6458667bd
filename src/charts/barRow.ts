import { shortened } from '../lib/shown/shortened.js';
import { visible } from '../lib/shown/visible.js';
import { draw, told, type Drawing } from './drawing.js';

/** Where the bar of a row lies: below its name. */
export interface Bar {
  readonly y: number;
  readonly height: number;
}

export interface BarRowText {
  readonly name: string;
  /** The widest name that fits beside the figure on a phone. Characters. */
  readonly longestName: number;
  /** At the end of the row. */
  readonly figure: string;
  /** What the row tells to who points at it. */
  readonly said: string;
}

/** How far below the top of its row a bar begins, and how far above the bar its text stands. */
export const barTop = 20;
const textRise = 7;

/** A row with a name and a figure, and below them a track on which the parts of the bar lie. */
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
