import type { VNode } from 'preact';
import { lines } from '../../../../charts/lines.js';
import { verdictSeries } from '../../../../charts/series.js';
import { stackedColumns } from '../../../../charts/stackedColumns.js';
import type { Plots, TargetPlot } from '../../../wire/calls.js';
import { Chart, Legend } from '../../parts/chart.js';

const minute = 60_000;

/** The verdicts and latencies of one target, one bar a minute. */
export function PlotOf({ plots, target }: { readonly plots: Plots; readonly target: TargetPlot }): VNode {
  const counts = plots.minutes.map((from, place) => ({
    from,
    passed: target.passed[place] ?? 0,
    amended: target.amended[place] ?? 0,
    refused: target.refused[place] ?? 0,
    failed: target.failed[place] ?? 0,
  }));
  const times = plots.minutes.map((from, place) => ({
    from,
    p50: target.p50Ms[place] ?? undefined,
    p99: target.p99Ms[place] ?? undefined,
  }));
  return (
    <div class="pair">
      <figure>
        <figcaption>Verdicts a minute</figcaption>
        <Legend series={verdictSeries} />
        <Chart
          kind="time"
          drawing={stackedColumns({
            what: 'calls',
            series: verdictSeries,
            buckets: counts,
            bucketMs: minute,
            height: 140,
          })}
        />
      </figure>
      <figure>
        <figcaption>How long answers took</figcaption>
        <ul class="legend">
          <li>
            <span class="swatch p50" />
            p50
          </li>
          <li>
            <span class="swatch p99" />
            p99
          </li>
        </ul>
        <Chart
          kind="time"
          drawing={lines({
            lines: [
              { key: 'p50', label: 'p50' },
              { key: 'p99', label: 'p99' },
            ],
            buckets: times,
            bucketMs: minute,
          })}
        />
      </figure>
    </div>
  );
}
