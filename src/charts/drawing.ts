/** An element of SVG, which a page turns into text or nodes. Attributes keep their order. */
export interface Drawing {
  readonly tag: 'svg' | 'g' | 'rect' | 'line' | 'path' | 'text' | 'title' | 'circle';
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Drawing | string)[];
}

export const draw = (
  tag: Drawing['tag'],
  attributes: Drawing['attributes'],
  ...children: Drawing['children']
): Drawing => ({ tag, attributes, children });

/** Writes a percentage with at most three decimals. */
export const at = (percent: number): string => `${Number(percent.toFixed(3))}%`;

/** A group with a tooltip that shows its figures. */
export const told = (title: string, ...children: readonly Drawing[]): Drawing =>
  draw('g', {}, draw('title', {}, title), ...children);

/** The whole picture, as wide as its container. `label` is its text for screen readers. */
export const picture = (height: number, label: string, children: readonly Drawing[]): Drawing =>
  draw('svg', { role: 'img', 'aria-label': label, width: '100%', height }, ...children);
