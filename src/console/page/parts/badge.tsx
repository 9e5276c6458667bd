import type { VNode } from 'preact';
import { colourOf } from '../../../charts/series.js';
import type { Verdict } from '../../wire/shared.js';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

/** A word with a coloured dot. The colour repeats the meaning of the word. */
export const Badge = ({ tone, text }: { readonly tone: Tone; readonly text: string }): VNode => (
  <span class={`badge ${tone}`}>{text}</span>
);

export const VerdictBadge = ({ verdict }: { readonly verdict: Verdict }): VNode => (
  <span class="badge">
    <span class={`swatch ${colourOf(verdict)}`} />
    {verdict}
  </span>
);
