import { DataPointType, type DataPoint, type Histogram, type MetricData } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { durable, openDeliveries } from '../deliveries/openDeliveries.js';
import { recordTelemetry, type RecordedTelemetry } from '../firing/telemetry/recordedTelemetry.js';
import { rejection } from '../support/openActions.js';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] };
  readonly panels: readonly Panel[];
}

const dashboard = JSON.parse(readFileSync('docs/reference/grafana.json', 'utf8')) as Dashboard;
const panels = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
);

const underscored = (name: string): string => name.replaceAll(/[^\w]/g, '_');

/** The names that OpenTelemetry's exporter for Prometheus gives the series of a metric. */
function seriesOf({ descriptor, dataPointType, ...metric }: MetricData): readonly string[] {
  const unit = descriptor.unit === 's' ? '_seconds' : '';
  const name = `${underscored(descriptor.name)}${unit}`;
  if (dataPointType === DataPointType.HISTOGRAM) return [`${name}_bucket`, `${name}_count`, `${name}_sum`];
  return [
    dataPointType === DataPointType.SUM && 'isMonotonic' in metric && metric.isMonotonic
      ? `${name}_total`
      : name,
  ];
}

/** Words of PromQL, and text in quotes, brackets and braces, which are no series. */
const namesIn = (expr: string): readonly string[] =>
  [...expr.replaceAll(/"[^"]*"|\[[^\]]*\]|\{[^}]*\}|by \([^)]*\)/g, ' ').matchAll(/[a-z_]{2,}/g)]
    .map(([word]) => word)
    .filter(
      (word) => !['sum', 'max', 'rate', 'increase', 'histogram_quantile', 'label_values'].includes(word),
    );

const labelsIn = (expr: string): readonly string[] => [
  ...[...expr.matchAll(/by \((?<labels>[^)]*)\)/g)].flatMap(
    ({ groups }) => groups?.['labels']?.split(', ') ?? [],
  ),
  ...[...expr.matchAll(/(?<label>[a-z_]+)(?:=|!=|=~)"/g)].map(({ groups }) => groups?.['label'] ?? ''),
];

describe('the dashboard', () => {
  let telemetry: RecordedTelemetry;
  /** The labels and the unit of every series that the code reports. */
  const series = new Map<string, ReadonlySet<string>>();
  const metrics = new Map<string, MetricData>();

  before(async () => {
    telemetry = recordTelemetry();
    const { guarded, actions, call, work } = await openDeliveries();
    await call(
      { event: { all: true } },
      { script: { status: 500 } },
      { type: 'async', script: {} },
      { ...durable, script: {} },
    );
    await call({ event: { event: 'order.refused' } }, { script: { status: 500 }, interruptOnError: true });
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    await rejection(guarded.append('order-2', [{ type: 'order.refused', data: {} }]));
    const worker = await work();
    await worker.whenIdle();
    await actions.ready();
    for (const [name, metric] of await telemetry.collect()) {
      metrics.set(name, metric);
      const points = metric.dataPoints as readonly DataPoint<unknown>[];
      const labels = new Set(points.flatMap(({ attributes }) => Object.keys(attributes).map(underscored)));
      for (const each of seriesOf(metric)) series.set(each, new Set([...labels, 'le']));
    }
  });
  after(() => telemetry.close());

  it('queries series that the code reports, by labels that the series have', () => {
    expect(panels).to.have.length.above(15);
    for (const { title, expr } of panels) {
      const names = namesIn(expr);
      expect(names, title).to.have.lengthOf(1);
      const labels = series.get(names[0] ?? '');
      expect(labels, `${title}: ${names[0]}`).not.to.equal(undefined);
      expect(
        labelsIn(expr).filter((label) => labels?.has(label) !== true),
        title,
      ).to.deep.equal([]);
    }
  });

  it('shows every metric that the code reports', () => {
    const shown = new Set(panels.flatMap(({ expr }) => namesIn(expr)));
    const left = [...metrics.values()].filter((metric) => !seriesOf(metric).some((name) => shown.has(name)));
    expect(left.map(({ descriptor }) => descriptor.name)).to.deep.equal([]);
  });

  it('names only labels in its legends and variables that the series have', () => {
    for (const { title, expr, legendFormat } of panels) {
      const legend = [...legendFormat.matchAll(/\{\{(?<label>\w+)\}\}/g)].map(
        ({ groups }) => groups?.['label'],
      );
      expect(
        legend.filter((label) => !labelsIn(expr).includes(label ?? '')),
        title,
      ).to.deep.equal([]);
    }
    const queries = dashboard.templating.list.flatMap(({ query }) =>
      typeof query === 'string' ? [] : [query.query],
    );
    const [name = '', label = ''] = /\((.*)\)/.exec(queries[0] ?? '')?.[1]?.split(', ') ?? [];
    expect(series.get(name)?.has(label)).to.equal(true);
  });

  it("queries, in the guide's alarms, series that the code reports", () => {
    const alarms = [...readFileSync('docs/guides/monitoring.md', 'utf8').matchAll(/`(?<expr>[^`]* > \d+)`/g)];
    expect(alarms).to.have.length(3);
    for (const { groups } of alarms) {
      const expr = groups?.['expr'] ?? '';
      const [name = ''] = namesIn(expr);
      expect(
        labelsIn(expr).filter((label) => series.get(name)?.has(label) !== true),
        expr,
      ).to.deep.equal([]);
      expect(series.has(name), expr).to.equal(true);
    }
  });

  it('has its metrics on the page of telemetry, the attributes of deliveries included', () => {
    const page = readFileSync('docs/reference/telemetry.md', 'utf8');
    expect([...metrics.keys()].filter((name) => !page.includes(`\`${name}\``))).to.deep.equal([]);
    const keys = [...metrics.values()].flatMap(({ dataPoints }) =>
      (dataPoints as readonly DataPoint<unknown>[]).flatMap(({ attributes }) => Object.keys(attributes)),
    );
    expect(keys.filter((name) => !page.includes(`\`${name}\``))).to.deep.equal([]);
  });

  it('has narrow enough buckets: histograms in seconds have bounds below one', () => {
    const histograms = [...metrics.values()].filter(
      ({ dataPointType }) => dataPointType === DataPointType.HISTOGRAM,
    );
    expect(histograms).to.have.length(3);
    for (const { descriptor, dataPoints } of histograms) {
      expect(descriptor.unit).to.equal('s');
      const [point] = dataPoints as readonly DataPoint<Histogram>[];
      const bounds = point?.value.buckets.boundaries ?? [];
      expect(
        bounds.filter((bound) => bound > 0 && bound < 1),
        descriptor.name,
      ).to.have.length.above(5);
    }
  });
});
