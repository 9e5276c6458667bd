import { mostBars, stackedRows } from '../../../../charts/stackedRows.js';
import { count, milliseconds } from '../../../../lib/shown/figures.js';
import type { BacktestReport } from '../../tallying/backtestReport.js';
import { markup, nothing, type Markup } from './markup.js';
import { dataTable, legend, plot, section } from './parts.js';
import { callSeries, eventSeries } from './reportSeries.js';

const mostRows = 50;

const long = (name: string | undefined): Markup => markup`<span class="long">${name ?? '(others)'}</span>`;

const rest = (total: number, shown: number): string =>
  total > shown ? `The first ${shown} of ${count(total)}; the JSON report has them all.` : '';

/** The outcomes of events, by their type. */
export function typesChart({ types, sent }: BacktestReport): Markup {
  const series = eventSeries(sent);
  const matched = types.filter((row) => series.some(({ key }) => row[key] > 0));
  const numbers = (['Chosen', 'Not called', ...series.map(({ label }) => label)] as const).map((number) => ({
    number,
  }));
  const table = dataTable(
    'Events by type',
    ['Type', ...numbers],
    types.slice(0, mostRows).map((row) => [
      long(row.type),
      ...[row.chosen, row.notCalled, ...series.map(({ key }) => row[key])].map((value) => ({
        number: count(value),
      })),
    ]),
  );
  const chart =
    matched.length === 0
      ? markup`<p class="empty">No event matched.</p>`
      : plot(
          'rows',
          stackedRows(
            'events by type',
            series,
            matched.map((row) => ({ name: row.type ?? '(others)', counts: row })),
          ),
        );
  return section('types', 'By event type', rest(matched.length, mostBars), [legend(series), chart, table]);
}

/** The answers of targets, by target. */
export function targetsChart({ targets, sent }: BacktestReport): Markup {
  const series = callSeries(sent);
  const numbers = ['Calls', ...(sent ? ['Observed', ...series.map(({ label }) => label), 'p50', 'p99'] : [])];
  const table = dataTable(
    'Calls by target',
    ['Target', ...numbers.map((number) => ({ number }))],
    targets
      .slice(0, mostRows)
      .map((row) => [
        markup`${long(row.name)}<small>${row.id ?? ''}</small>`,
        { number: count(row.calls) },
        ...(sent
          ? [row.observed, ...series.map(({ key }) => row[key])].map((value) => ({ number: count(value) }))
          : []),
        ...(sent
          ? [row.p50, row.p99].map((value) => ({ number: value === undefined ? '' : milliseconds(value) }))
          : []),
      ]),
  );
  const chart =
    targets.length === 0
      ? markup`<p class="empty">No target was called.</p>`
      : plot(
          'rows',
          stackedRows(
            'calls by target',
            series,
            targets.map((row) => ({ name: row.name ?? '(others)', counts: row })),
          ),
        );
  return section('targets', 'By target', rest(targets.length, mostBars), [legend(series), chart, table]);
}

/** The executions that decided, and the reasons of failed calls. */
export function furtherTables({ executions, failures, sent }: BacktestReport): Markup {
  const tables = [
    ...(executions.length === 0
      ? []
      : [
          dataTable(
            'Events by the execution that won',
            ['Execution', { number: 'Events' }],
            executions.slice(0, mostRows).map(({ id, events }) => [long(id), { number: count(events) }]),
          ),
        ]),
    ...(failures.length === 0
      ? []
      : [
          dataTable(
            'Failed calls by reason',
            ['Reason', { number: 'Calls' }],
            failures.map(({ reason, calls }) => [reason, { number: count(calls) }]),
          ),
        ]),
  ];
  if (tables.length === 0) return nothing;
  const title = sent ? 'Executions and failed calls' : 'Executions';
  return section('further', title, rest(executions.length, mostRows), tables);
}
