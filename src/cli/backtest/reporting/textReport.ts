import type { CommandOutput } from '../../shell/commandOutput.js';
import { printable } from '../../../lib/shown/printable.js';
import type { Example } from '../tallying/examples.js';
import { count, milliseconds, percent, utc } from '../../../lib/shown/figures.js';
import type { BacktestReport } from '../tallying/backtestReport.js';
import { caveats, changedText, endingText, findingText, selectionText } from './reportText.js';

const mostRows = 20;

const why = ({ status, reason, message, changed }: Example): string =>
  [status, message ?? (reason === 'refused' ? undefined : reason), changed && changedText(changed)]
    .filter((part) => part !== undefined)
    .join(', ');

/** Without the repeated failures of a target that gave no answer: one that is down fails in the same way at every event. */
const differing = (examples: readonly Example[]): readonly Example[] => {
  const seen = new Set<string>();
  return examples.filter((example) => {
    if (example.status !== undefined) return true;
    const failure = `${example.target?.id ?? ''} ${why(example)}`;
    if (seen.has(failure)) return false;
    seen.add(failure);
    return true;
  });
};

interface Columns<Row> {
  readonly heads: readonly string[];
  readonly cells: (row: Row) => readonly string[];
}

/** A table of the first rows, and the number of further rows. */
function someRows<Row>(
  output: CommandOutput,
  title: string,
  rows: readonly Row[],
  { heads, cells }: Columns<Row>,
): readonly string[] {
  if (rows.length === 0) return [];
  const more = rows.length > mostRows ? `and ${rows.length - mostRows} more; --json shows them\n` : '';
  return [
    `${output.style('bold', title)}\n${output.table(heads, rows.slice(0, mostRows).map(cells))}${more}`,
  ];
}

/** The report for people. */
export function textReport(backtest: BacktestReport, output: CommandOutput): string {
  const { events, calls, sent, latency } = backtest;
  const of = (value: number) => `${count(value)}  ${percent(value, events.matched - events.cutOff)}`;
  const ending = endingText(backtest);
  const verdicts = sent ? (['passed', 'amended', 'vetoed', 'failed'] as const) : (['planned'] as const);
  const callVerdicts = ['passed', 'amended', 'refused', 'failed'] as const;
  const upperCase = (names: readonly string[]) => names.map((name) => name.toUpperCase());
  const parts = [
    ...(ending === undefined ? [] : [`${output.style('yellow', printable(ending))}\n`]),
    `${output.style('bold', findingText(backtest))}\n`,
    output.details([
      ['selection', selectionText(backtest)],
      ['events read', count(events.read)],
      ['chosen', count(events.chosen)],
      ['matched', count(events.matched)],
      ...verdicts.map((verdict) => [`  ${verdict}`, of(events[verdict])] as const),
      ...(events.skipped > 0 ? [['skipped', count(events.skipped)] as const] : []),
      [
        'calls',
        `${count(calls.total)}${calls.observed > 0 ? `, of these ${count(calls.observed)} observed` : ''}`,
      ],
      ...(latency
        ? [
            [
              'answered in',
              `p50 ${milliseconds(latency.p50)}, p90 ${milliseconds(latency.p90)}, p99 ${milliseconds(latency.p99)}, max ${milliseconds(latency.max)}`,
            ] as const,
          ]
        : []),
    ]),
    ...someRows(output, 'By event type', backtest.types, {
      heads: ['TYPE', 'CHOSEN', 'NOT CALLED', ...upperCase(verdicts)],
      cells: (row) => [
        row.type ?? '(others)',
        count(row.chosen),
        count(row.notCalled),
        ...verdicts.map((verdict) => count(row[verdict])),
      ],
    }),
    ...someRows(output, 'By execution', backtest.executions, {
      heads: ['EXECUTION', 'EVENTS'],
      cells: (row) => [row.id ?? '(others)', count(row.events)],
    }),
    ...someRows(output, 'By target', backtest.targets, {
      heads: ['TARGET', 'CALLS', ...(sent ? ['OBSERVED', ...upperCase(callVerdicts), 'P50', 'P99'] : [])],
      cells: (row) => [
        row.name === undefined ? '(others)' : `${row.name} (${row.id ?? ''})`,
        count(row.calls),
        ...(sent ? [row.observed, ...callVerdicts.map((verdict) => row[verdict])].map(count) : []),
        ...(sent ? [row.p50, row.p99].map((value) => (value === undefined ? '' : milliseconds(value))) : []),
      ],
    }),
    ...someRows(output, 'Failed calls', backtest.failures, {
      heads: ['REASON', 'CALLS'],
      cells: (row) => [row.reason, count(row.calls)],
    }),
    ...(['refused', 'amended', 'failed', 'skipped'] as const).flatMap((kind) =>
      someRows(
        output,
        { refused: 'Vetoes', amended: 'Amendments', failed: 'Failures', skipped: 'Not rehearsed' }[kind],
        kind === 'failed' ? differing(backtest.examples[kind]) : backtest.examples[kind],
        {
          heads: ['STREAM', 'REVISION', 'TYPE', 'CREATED', 'TARGET', 'WHAT'],
          cells: (each) => [
            each.stream,
            each.version,
            each.type,
            utc(each.created),
            `${each.target?.name ?? ''}${each.enforced === false ? ' (observed)' : ''}`,
            why(each),
          ],
        },
      ),
    ),
    [...caveats(backtest), 'Nothing was appended.'].join('\n').concat('\n'),
  ];
  return parts.join('\n');
}
