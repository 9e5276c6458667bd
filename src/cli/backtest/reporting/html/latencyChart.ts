import { histogram } from '../../../../charts/histogram.js';
import { count, milliseconds } from '../../../../lib/shown/figures.js';
import type { Latency } from '../../tallying/latencies.js';
import { nothing, type Markup } from './markup.js';
import { dataTable, folded, plot, section } from './parts.js';

/** The durations of the calls that were answered. */
export function latencyChart(latency: Latency | undefined): Markup {
  if (!latency) return nothing;
  const { calls, p50, p90, p99, max, bins } = latency;
  const note = `Of ${count(calls)} calls that were answered: p50 ${milliseconds(p50)}, p90 ${milliseconds(p90)}, p99 ${milliseconds(p99)}, at most ${milliseconds(max)}. Time runs on a logarithmic scale.`;
  return section('latency', 'How long answers took', note, [
    plot('time', histogram(latency)),
    folded(
      'Data of this chart',
      dataTable(
        'Answered calls by time',
        ['From', 'To', { number: 'Calls' }],
        bins.map(({ fromMs, toMs, calls: within }) => [
          milliseconds(fromMs),
          milliseconds(toMs),
          { number: count(within) },
        ]),
      ),
    ),
  ]);
}
