import { drawn, markup, nothing, type Markup } from './markup.js';
import type { Drawing } from '../../../../charts/drawing.js';
import type { Series } from '../../../../charts/series.js';

export const plot = (kind: 'time' | 'rows', drawing: Drawing): Markup =>
  markup`<div class="plot ${kind}">${drawn(drawing)}</div>`;

export const legend = (series: readonly Series<string>[]): Markup =>
  markup`<ul class="legend">${series.map(
    ({ label, colour }) => markup`<li><span class="swatch ${colour}"></span>${label}</li>`,
  )}</ul>`;

type Cell = string | { readonly number: string };

/** A table. Where it is wider than a phone, the table scrolls and the page does not. */
export function dataTable(
  caption: string,
  columns: readonly Cell[],
  rows: readonly (readonly (Cell | Markup)[])[],
): Markup {
  const head = columns.map((column) =>
    typeof column === 'string'
      ? markup`<th scope="col">${column}</th>`
      : markup`<th scope="col" class="number">${column.number}</th>`,
  );
  const cell = (content: Cell | Markup) =>
    typeof content === 'object' && 'number' in content
      ? markup`<td class="number">${content.number}</td>`
      : markup`<td>${content}</td>`;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${rows.map(
    (row) => markup`<tr>${row.map(cell)}</tr>\n`,
  )}</tbody></table></div>`;
}

export const folded = (summary: string, content: Markup): Markup =>
  markup`<details><summary>${summary}</summary>${content}</details>`;

export const section = (id: string, title: string, note: string, content: readonly Markup[]): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${
    note === '' ? nothing : markup`<p class="note">${note}</p>`
  }${content}</section>\n`;
