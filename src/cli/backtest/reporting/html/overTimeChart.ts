import { stackedColumns } from '../../../../charts/stackedColumns.js';
import { count, span, utc } from '../../../../lib/shown/figures.js';
import type { BacktestReport } from '../../tallying/backtestReport.js';
import { markup, type Markup } from './markup.js';
import { dataTable, folded, legend, plot, section } from './parts.js';
import { eventSeries } from './reportSeries.js';

/** The outcomes of events, by the time at which they were created. */
export function overTimeChart(report: BacktestReport): Markup {
  const { buckets, bucketMs } = report.overTime;
  if (buckets.length === 0)
    return section('over-time', 'Over time', '', [markup`<p class="empty">No event matched.</p>`]);
  const series = eventSeries(report.sent);
  const end = new Date(Date.parse(buckets.at(-1)?.from ?? '') + bucketMs).toISOString();
  const note = `Events by the time they were created, from ${utc(buckets[0]?.from ?? '')} to ${utc(end)}, one bar for each ${span(bucketMs).replace(/^1 /, '')}.`;
  return section('over-time', 'Over time', note, [
    legend(series),
    plot('time', stackedColumns({ what: 'events', series, buckets, bucketMs })),
    folded(
      'Data of this chart',
      dataTable(
        'Events over time',
        ['From', ...series.map(({ label }) => ({ number: label }))],
        buckets.map((bucket) => [
          utc(bucket.from),
          ...series.map(({ key }) => ({ number: count(bucket[key]) })),
        ]),
      ),
    ),
  ]);
}
