/** An element of SVG: a page writes it as text or as nodes. Attributes in the order in which they are written. */
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

/** A place or a length, with at most so many digits after the point as are needed. */
export const at = (percent: number): string => `${Number(percent.toFixed(3))}%`;

/** A group that tells its figures to who points at it. */
export const told = (title: string, ...children: readonly Drawing[]): Drawing =>
  draw('g', {}, draw('title', {}, title), ...children);

/** The whole picture, as wide as its place; `label` is what it says to those who do not see it. */
export const picture = (height: number, label: string, children: readonly Drawing[]): Drawing =>
  draw('svg', { role: 'img', 'aria-label': label, width: '100%', height }, ...children);
