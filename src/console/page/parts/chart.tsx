import { h, type VNode } from 'preact';
import type { Drawing } from '../../../charts/drawing.js';
import type { Series } from '../../../charts/series.js';

/** Renders a drawing as nodes. */
const drawn = ({ tag, attributes, children }: Drawing): VNode =>
  h(tag, attributes, ...children.map((child) => (typeof child === 'string' ? child : drawn(child))));

interface ChartProps {
  readonly kind: 'time' | 'rows';
  readonly drawing: Drawing;
}

export const Chart = ({ kind, drawing }: ChartProps): VNode => (
  <div class={`plot ${kind}`}>{drawn(drawing)}</div>
);

export const Legend = ({ series }: { readonly series: readonly Series<string>[] }): VNode => (
  <ul class="legend">
    {series.map(({ key, label, colour }) => (
      <li key={key}>
        <span class={`swatch ${colour}`} />
        {label}
      </li>
    ))}
  </ul>
);
