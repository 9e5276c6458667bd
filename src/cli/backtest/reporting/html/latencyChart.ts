import { scaleLinear, scaleLog } from 'd3-scale';
import { count, milliseconds } from '../../tallying/figures.js';
import type { Latency } from '../../tallying/latencies.js';
import { markup, type Markup } from './markup.js';
import { at, dataTable, folded, section } from './parts.js';

const height = 180;
/** Lines of labels above the bars, so that percentiles close to each other do not cover each other. */
const labelLine = 16;
const top = 3 * labelLine + 8;

function plot({ bins, p50, p90, p99 }: Latency): Markup {
  const [low, high] = [bins[0]?.fromMs ?? 1, bins.at(-1)?.toMs ?? 10];
  // A single bin is drawn with an empty one beside it.
  const x = scaleLog([Math.min(low, high / 10), high], [0, 100]);
  const most = Math.max(1, ...bins.map(({ calls }) => calls));
  const y = scaleLinear([0, most], [height, top]).nice(3);
  const grid = y
    .ticks(3)
    .filter(Number.isInteger)
    .map(
      (tick) =>
        markup`<line class="grid" x1="0" x2="100%" y1="${y(tick)}" y2="${y(tick)}"/><text class="tick end" x="-8" y="${y(tick) + 4}">${count(tick)}</text>`,
    );
  const decades = x
    .ticks(4)
    .filter((tick) => Number.isInteger(Math.log10(tick)) || Math.log10(high / low) < 1.2);
  const kept = decades.filter((_, index) => index % Math.ceil(decades.length / 6) === 0);
  const times = kept.map((tick) => {
    const place = x(tick);
    const anchor = place < 6 ? 'start' : place > 94 ? 'end' : 'middle';
    return markup`<line class="axis" x1="${at(place)}" x2="${at(place)}" y1="${height}" y2="${height + 5}"/><text class="tick ${anchor}" x="${at(place)}" y="${height + 20}">${milliseconds(tick)}</text>`;
  });
  const bars = bins.map(
    ({ fromMs, toMs, calls }) =>
      markup`<g><title>${`${milliseconds(fromMs)} to ${milliseconds(toMs)}: ${count(calls)} calls`}</title><rect class="hit" x="${at(x(fromMs))}" width="${at(x(toMs) - x(fromMs))}" y="${top}" height="${height - top}"/><rect class="planned" x="${at(x(fromMs) + 0.1)}" width="${at(Math.max(0.1, x(toMs) - x(fromMs) - 0.2))}" y="${y(calls)}" height="${height - y(calls)}"/></g>\n`,
  );
  const marks = (
    [
      ['p50', p50],
      ['p90', p90],
      ['p99', p99],
    ] as const
  ).map(([name, value], index) => {
    const place = Math.min(100, Math.max(0, x(value)));
    const isRight = place > 60;
    const baseline = labelLine * (index + 1) - 4;
    return markup`<g><title>${`${name}: ${milliseconds(value)}`}</title><line class="mark" x1="${at(place)}" x2="${at(place)}" y1="${baseline - 10}" y2="${height}"/><text class="tick ${isRight ? 'end' : 'start'}" x="${at(place)}" dx="${isRight ? -5 : 5}" y="${baseline}">${`${name} ${milliseconds(value)}`}</text></g>`;
  });
  const label = `Histogram of answer times: half of the calls were answered within ${milliseconds(p50)}, 99 % within ${milliseconds(p99)}.`;
  return markup`<div class="plot time"><svg role="img" aria-label="${label}" width="100%" height="${height}">${grid}${bars}<line class="axis" x1="0" x2="100%" y1="${height}" y2="${height}"/>${times}${marks}</svg></div>`;
}

/** The durations of the calls that were answered. */
export function latencyChart(latency: Latency | undefined): Markup {
  if (!latency) return markup``;
  const { calls, p50, p90, p99, max, bins } = latency;
  const note = `Of ${count(calls)} calls that were answered: p50 ${milliseconds(p50)}, p90 ${milliseconds(p90)}, p99 ${milliseconds(p99)}, at most ${milliseconds(max)}. Time runs on a logarithmic scale.`;
  return section('latency', 'How long answers took', note, [
    plot(latency),
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
