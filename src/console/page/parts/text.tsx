import type { VNode } from 'preact';
import { utc } from '../../../lib/shown/figures.js';
import { printable } from '../../../lib/shown/printable.js';
import { shortened } from '../../../lib/shown/shortened.js';

/** Text of others: control characters as escapes, cut to a length. */
export const shown = (text: string, length = 300): string => printable(shortened(text, length));

/** Text of others that may break anywhere. */
export const Long = ({ text, length = 300 }: { readonly text: string; readonly length?: number }): VNode => (
  <span class="long">{shown(text, length)}</span>
);

/** An id or an address, in letters of equal width. */
export const Code = ({ text, length = 300 }: { readonly text: string; readonly length?: number }): VNode => (
  <code class="long">{shown(text, length)}</code>
);

/** A time in UTC; the day is left out where it is today's. */
export function Time({ at }: { readonly at: string }): VNode {
  const isToday = at.slice(0, 10) === new Date().toISOString().slice(0, 10);
  return (
    <time dateTime={at} title={at} class="time">
      {isToday ? at.slice(11, 19) : utc(at).replace(' UTC', '')}
    </time>
  );
}
