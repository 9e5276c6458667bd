import { printable } from '../../../shell/table.js';

/** HTML that is known to be whole. Anything else is text, and is escaped where it is put in. */
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

/** Safe between tags and in quoted attributes; control characters are shown, not sent. */
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

/** Whatever is put in is escaped, unless it was made here. Attributes have to be quoted. */
export const markup = (fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(fixed.map((text, place) => text + written(parts[place] ?? '')).join(''));

export const nothing = markup``;
