import { createHistogram } from 'node:perf_hooks';

/** The number of calls with a duration in a range. */
interface LatencyBin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly calls: number;
}

/** The durations of answered calls. Milliseconds. */
export interface Latency {
  readonly calls: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly bins: readonly LatencyBin[];
}

export interface Latencies {
  add(durationMs: number): void;
  /** `undefined` where there is none. */
  result(): Latency | undefined;
}

const microsecondsOf = 1_000;
/** Bins cover 0.01 ms to 1 000 s, ten for each power of ten: narrow enough to show a shape, and few enough to draw. */
const binsPerDecade = 10;
const firstDecade = -2;
const lastDecade = 6;
const lastBin = (lastDecade - firstDecade) * binsPerDecade - 1;

const edgeOf = (bin: number): number => Number((10 ** (bin / binsPerDecade + firstDecade)).toPrecision(3));

const binOf = (durationMs: number): number =>
  Math.min(lastBin, Math.max(0, Math.floor((Math.log10(durationMs) - firstDecade) * binsPerDecade)));

/** @param figures - significant digits of the percentiles; each digit costs ten times the memory */
export function createLatencies(figures: number): Latencies {
  const histogram = createHistogram({ lowest: 1, highest: 3_600_000 * microsecondsOf, figures });
  const bins = new Map<number, number>();
  let most = 0;
  const percentile = (percent: number) => Math.min(most, histogram.percentile(percent) / microsecondsOf);

  return {
    add(durationMs) {
      const duration = Math.max(0.001, durationMs);
      histogram.record(Math.max(1, Math.round(duration * microsecondsOf)));
      most = Math.max(most, duration);
      const bin = binOf(duration);
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    },
    result() {
      if (bins.size === 0) return undefined;
      const [first, last] = [Math.min(...bins.keys()), Math.max(...bins.keys())];
      return {
        calls: [...bins.values()].reduce((sum, each) => sum + each, 0),
        p50: percentile(50),
        p90: percentile(90),
        p99: percentile(99),
        max: most,
        bins: Array.from({ length: last - first + 1 }, (_, index) => ({
          fromMs: edgeOf(first + index),
          toMs: edgeOf(first + index + 1),
          calls: bins.get(first + index) ?? 0,
        })),
      };
    },
  };
}
