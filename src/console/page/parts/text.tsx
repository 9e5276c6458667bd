import type { VNode } from 'preact';
import { utc } from '../../../lib/shown/figures.js';
import { visible } from '../../../lib/shown/visible.js';

/** Shows text of others: invisible characters as escapes, cut to a length. */
export const shown = (text: string, length = 300): string =>
  text.length <= length ? visible(text) : `${visible(text.slice(0, length - 1))}…`;

/** Shows text of others with line breaks anywhere. */
export const Long = ({ text, length = 300 }: { readonly text: string; readonly length?: number }): VNode => (
  <span class="long">{shown(text, length)}</span>
);

/** Shows an id or a URL in a monospaced font. */
export const Code = ({ text, length = 300 }: { readonly text: string; readonly length?: number }): VNode => (
  <code class="long">{shown(text, length)}</code>
);

/** Shows a time in UTC, without the date where it is today. */
export function Time({ at }: { readonly at: string }): VNode {
  const isToday = at.slice(0, 10) === new Date().toISOString().slice(0, 10);
  return (
    <time dateTime={at} title={at} class="time">
      {isToday ? at.slice(11, 19) : utc(at).replace(' UTC', '')}
    </time>
  );
}
