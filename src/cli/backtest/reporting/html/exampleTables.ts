import type { Example } from '../../tallying/examples.js';
import { utc } from '../../../../lib/shown/figures.js';
import type { BacktestReport } from '../../tallying/backtestReport.js';
import { changedText } from '../reportText.js';
import { markup, nothing, type Markup } from './markup.js';
import { dataTable, section } from './parts.js';

const titles = {
  refused: 'Vetoes',
  amended: 'Amendments',
  failed: 'Failures',
  skipped: 'Not rehearsed',
} as const;

const saidOf = ({ reason, message, changed, status }: Example): string =>
  [status, message ?? (reason === 'refused' ? undefined : reason), changed && changedText(changed)]
    .filter((part) => part !== undefined)
    .join(', ');

function exampleTable(caption: string, examples: readonly Example[]): Markup {
  return dataTable(
    caption,
    ['Stream', { number: 'Revision' }, 'Type', 'Created', 'Target', 'What it said'],
    examples.map((example) => [
      markup`<span class="long">${example.stream}</span>`,
      { number: example.version },
      markup`<span class="long">${example.type}</span>`,
      utc(example.created),
      `${example.target?.name ?? ''}${example.enforced === false ? ' (observed)' : ''}`,
      markup`<span class="long">${saidOf(example)}</span>`,
    ]),
  );
}

/** Tables of the first events of each verdict. */
export function exampleTables({ examples }: BacktestReport): Markup {
  const kinds = (['refused', 'amended', 'failed', 'skipped'] as const).filter(
    (kind) => examples[kind].length > 0,
  );
  if (kinds.length === 0) return nothing;
  const note =
    'The first events of each verdict. Amendments show the names of fields only: + added, ~ changed, - removed.';
  return section(
    'examples',
    'Examples',
    note,
    kinds.map((kind) => exampleTable(titles[kind], examples[kind])),
  );
}
