import type { VNode } from 'preact';
import { utc } from '../../../lib/shown/figures.js';
import { visible } from '../../../lib/shown/visible.js';

/** Text of others: what cannot be seen as escapes, cut to a length. */
export const shown = (text: string, length = 300): string =>
  text.length <= length ? visible(text) : `${visible(text.slice(0, length - 1))}…`;

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
