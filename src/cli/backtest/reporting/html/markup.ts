import type { Drawing } from '../../../../charts/drawing.js';
import { printable } from '../../../../lib/shown/printable.js';

/** HTML that this module made. Any other value is text and is escaped. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

type Part = Markup | string | number | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a text for use between tags and in quoted attributes. Control characters become visible escapes. */
const escaped = (text: string): string =>
  printable(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll(
    /[&<>"']/g,
    (character) => entities[character] ?? '',
  );

function written(part: Part): string {
  if (part instanceof Markup) return part.html;
  if (typeof part === 'string') return escaped(part);
  return typeof part === 'number' ? String(part) : part.map(written).join('');
}

/** Escapes every value, except HTML that this module made. Attributes have to be quoted. */
export const markup = (fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(fixed.map((text, place) => text + written(parts[place] ?? '')).join(''));

export const nothing = markup``;

/** Writes a chart as text. Tags and names of attributes come from src/charts; values and texts are escaped. */
export function drawn({ tag, attributes, children }: Drawing): Markup {
  const pairs = Object.entries(attributes).map(([name, value]) => ` ${name}="${written(value)}"`);
  const inner = children.map((child) => written(typeof child === 'string' ? child : drawn(child))).join('');
  const opened = `<${tag}${pairs.join('')}`;
  return new Markup(inner === '' ? `${opened}/>` : `${opened}>${inner}</${tag}>${tag === 'g' ? '\n' : ''}`);
}
