import type { VNode } from 'preact';
import type { Verdict } from '../../wire/shared.js';

export type Tone = 'plain' | 'good' | 'warn' | 'bad';

/** One word with a dot in front of it; the word says all, the colour only repeats it. */
export const Badge = ({ tone, text }: { readonly tone: Tone; readonly text: string }): VNode => (
  <span class={`badge ${tone}`}>{text}</span>
);

const colours = { passed: 'passed', amended: 'amended', refused: 'vetoed', failed: 'failed' } as const;

export const VerdictBadge = ({ verdict }: { readonly verdict: Verdict }): VNode => (
  <span class="badge">
    <span class={`swatch ${colours[verdict]}`} />
    {verdict}
  </span>
);
