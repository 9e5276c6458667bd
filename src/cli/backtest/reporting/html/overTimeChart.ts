import { scaleLinear, scaleUtc } from 'd3-scale';
import { stack } from 'd3-shape';
import { count, span, utc } from '../../tallying/figures.js';
import type { BacktestReport } from '../../tallying/backtestReport.js';
import { markup, type Markup } from './markup.js';
import { at, dataTable, folded, legend, section } from './parts.js';
import { eventSeries } from './series.js';

const height = 220;
/** How many bars fit beside each other, and how many of them on a phone. */
const timeTicks = 6;
const phoneTicks = 3;
/** The width of a single bar, in percent. */
const widestBar = 12;

const day = 86_400_000;

/** The part of a time that differs between bars. */
function tickText(time: Date, bucketMs: number, spanMs: number): string {
  const text = time.toISOString();
  if (bucketMs >= day) return text.slice(0, 10);
  if (spanMs > day) return text.slice(5, 16).replace('T', ' ');
  return text.slice(11, bucketMs < 60_000 ? 19 : 16);
}

type Bucket = BacktestReport['overTime']['buckets'][number];

function bars({ overTime, sent }: BacktestReport): Markup {
  const { buckets, bucketMs } = overTime;
  const series = eventSeries(sent);
  const keys = series.map(({ key }) => key);
  const layers = stack<Bucket, string>()
    .keys(keys)
    .value((bucket, key) => bucket[key as keyof Bucket] as number)([...buckets]);
  const most = Math.max(1, ...(layers.at(-1)?.map(([, top]) => top) ?? []));
  const y = scaleLinear([0, most], [height, 0]).nice(4);
  const first = Date.parse(buckets[0]?.from ?? '');
  const x = scaleUtc([first, first + buckets.length * bucketMs], [0, 100]);
  const width = 100 / buckets.length;
  const barWidth = Math.min(widestBar, width - Math.min(0.6, width * 0.15));

  const grid = y
    .ticks(4)
    .filter(Number.isInteger)
    .map(
      (tick) =>
        markup`<line class="grid" x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick end" x="-8" y="${y(tick) + 4}">${count(tick)}</text>`,
    );
  const ticks = x.ticks(timeTicks).filter((tick) => tick.getTime() % 1_000 === 0);
  const times = ticks.map((tick, index) => {
    const place = x(tick);
    const anchor = place < 8 ? 'start' : place > 92 ? 'end' : 'middle';
    const isOnPhone = index % Math.ceil(ticks.length / phoneTicks) === 0;
    return markup`<g class="${isOnPhone ? 'time' : 'time wide'}"><line class="axis" x1="${at(place)}" x2="${at(place)}" y1="${height}" y2="${height + 5}"/><text class="tick ${anchor}" x="${at(place)}" y="${height + 20}">${tickText(tick, bucketMs, buckets.length * bucketMs)}</text></g>`;
  });
  const columns = buckets.map((bucket, index) => {
    const said = series.map(({ key, label }) => `${count(bucket[key])} ${label}`).join(', ');
    const parts = layers.map((layer, place) => {
      const [low, high] = layer[index] ?? [0, 0];
      if (high === low) return markup``;
      const { colour } = series[place] ?? series[0];
      return markup`<rect class="${colour}" x="${at(index * width + (width - barWidth) / 2)}" width="${at(barWidth)}" y="${y(high)}" height="${y(low) - y(high)}"/>`;
    });
    return markup`<g><title>${`${utc(bucket.from)}, ${span(bucketMs)}: ${said}`}</title><rect class="hit" x="${at(index * width)}" width="${at(width)}" y="0" height="${height}"/>${parts}</g>\n`;
  });
  const label = `Stacked bars of ${count(buckets.length)} periods of ${span(bucketMs)}, from ${utc(buckets[0]?.from ?? '')}; the tallest has ${count(most)} events.`;
  return markup`<div class="plot time"><svg role="img" aria-label="${label}" width="100%" height="${height}">${grid}${columns}<line class="axis" x1="0" x2="100%" y1="${height}" y2="${height}"/>${times}</svg></div>`;
}

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
    bars(report),
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
