import { count, percent, span, utc } from '../../../../lib/shown/figures.js';
import type { BacktestReport } from '../../tallying/backtestReport.js';
import { caveats, endingText, findingText, selectionText } from '../reportText.js';
import { furtherTables, targetsChart, typesChart } from './breakdowns.js';
import { exampleTables } from './exampleTables.js';
import { latencyChart } from './latencyChart.js';
import { Markup, markup, nothing } from './markup.js';
import { overTimeChart } from './overTimeChart.js';
import { pageBeginning } from './pageBeginning.js';
import { section } from './parts.js';
import { eventSeries } from './reportSeries.js';
import { styleSheet } from './styleSheet.js';

function tiles({ events, calls, sent }: BacktestReport): Markup {
  const asked = events.matched - events.cutOff;
  const tile = (id: string, what: string, value: number, share: string) =>
    markup`<li class="${id}" id="tile-${id}"><span class="what">${what}</span><span class="value">${count(value)}</span><span class="share">${share}</span></li>`;
  return markup`<ul class="tiles">${[
    tile('read', 'events read', events.read, `${count(events.chosen)} chosen`),
    tile('matched', 'matched', events.matched, `${percent(events.matched, events.chosen)} of chosen`),
    tile(
      'calls',
      sent ? 'calls' : 'calls at the most',
      calls.total,
      sent ? `${count(calls.observed)} observed` : 'none made',
    ),
    ...(sent
      ? eventSeries(true).map(({ key, label }) =>
          tile(key, label, events[key], `${percent(events[key], asked)} of matched`),
        )
      : []),
  ]}</ul>`;
}

function howItWasRun(report: BacktestReport): Markup {
  const { command, store, instance, startedAt, durationMs, head, sent, enforced, ended } = report;
  const rows: readonly (readonly [name: string, value: string | Markup])[] = [
    ['Command', markup`<code>${command}</code>`],
    ['Store', `${store}, instance ${instance}${head === undefined ? '' : `, up to position ${head}`}`],
    ['Selection', selectionText(report)],
    ['Started', `${utc(startedAt)}, for ${span(Math.max(1, Math.round(durationMs / 1_000)) * 1_000)}`],
    ['Ended', ended.kind],
    ['Calls', sent ? 'made, each marked as a rehearsal (actions-rehearsal: true)' : 'none made'],
    ['Observed targets', enforced ? 'judged as if they were enforced' : 'judged as they are'],
    ['Appended', 'nothing: a backtest never appends'],
  ];
  return section('run', 'How it was run', '', [
    markup`<dl>${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  ]);
}

/** Makes one page without network access and scripts. Text of others is escaped. */
export function htmlReport(report: BacktestReport): string {
  const ending = endingText(report);
  const title = report.sent ? 'What the policy would have said' : 'Whom the policy would have called';
  return markup`${new Markup(pageBeginning)}${title}</title>
<style>${new Markup(styleSheet)}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="note">${selectionText(report)}</p>
<p class="lead">${findingText(report)}</p>
${ending === undefined ? nothing : markup`<p class="banner warn" role="status">${ending}</p>`}
${caveats(report).map((text) => markup`<p class="banner">${text}</p>`)}
</header>
${tiles(report)}
${overTimeChart(report)}
${typesChart(report)}
${targetsChart(report)}
${latencyChart(report.latency)}
${furtherTables(report)}
${exampleTables(report)}
${howItWasRun(report)}
<footer>Written by eventstore-actions. Nothing was appended.</footer>
</main>
</body>
</html>
`.html;
}
