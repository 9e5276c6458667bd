import type { VNode } from 'preact';
import type { Plots } from '../../../wire/calls.js';
import { count } from '../../../../lib/shown/figures.js';
import { mostBars, stackedRows } from '../../../../charts/stackedRows.js';
import { verdictSeries } from '../../../../charts/series.js';
import { Chart, Legend } from '../../parts/chart.js';
import { Loaded } from '../../parts/loaded.js';
import { Page, Section } from '../../parts/page.js';
import { shown } from '../../parts/text.js';
import { useQuery } from '../../state/query.js';
import { link } from '../../state/route.js';
import { CallTabs } from '../calls/callTabs.js';
import { PlotOf } from './plotOf.js';

const everyMs = 15_000;
/** The most plots on the page. The other targets are in the chart above them, and have plots on their own pages. */
const mostPlots = 10;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function PlotsOf({ plots }: { readonly plots: Plots }): VNode {
  const { targets, total, missed } = plots;
  if (targets.length === 0) return <p class="empty">No target was called in the last hour.</p>;
  const rows = targets.map((target) => ({
    name: target.name,
    counts: {
      passed: sum(target.passed),
      amended: sum(target.amended),
      refused: sum(target.refused),
      failed: sum(target.failed),
    },
  }));
  return (
    <>
      <Section
        title="Calls by target"
        note={
          total > mostBars
            ? `The ${mostBars} of ${count(total)} targets with the most calls.`
            : 'All targets that were called.'
        }
      >
        <Legend series={verdictSeries} />
        <Chart kind="rows" drawing={stackedRows('calls by target', verdictSeries, rows)} />
        {missed > 0 && <p class="note">{count(missed)} calls could not be counted.</p>}
      </Section>
      {targets.slice(0, mostPlots).map((target) => (
        <Section
          key={target.targetID}
          title={shown(target.name, 80)}
          actions={<a href={link(['targets', target.targetID])}>Target</a>}
        >
          <PlotOf plots={plots} target={target} />
        </Section>
      ))}
    </>
  );
}

export function PlotsPage(): VNode {
  const plots = useQuery<Plots>('api/plots', everyMs);
  return (
    <Page title="The last hour" note="Verdicts and latencies of each target, a minute a bar. Times are UTC.">
      <CallTabs />
      <Loaded query={plots}>{(found) => <PlotsOf plots={found} />}</Loaded>
    </Page>
  );
}
