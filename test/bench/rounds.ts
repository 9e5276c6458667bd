/** A measurement: does some work and returns how much. */
export interface Contender {
  readonly name: string;
  run(): Promise<number>;
}

/** Rates by name, one a round, in units a second. */
type Rates = ReadonlyMap<string, readonly number[]>;

interface Measured {
  readonly rates: Rates;
  /** CPU time of this process for a unit, user and system, microseconds; by name, one a round. */
  readonly cpuTimes: Rates;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/**
 * Runs all contenders in every round, in alternating order, so that other load of the machine affects all of them
 * alike. The first round only warms up.
 */
export async function measureTimes(contenders: readonly Contender[], rounds: number): Promise<Measured> {
  const empty = () => new Map(contenders.map(({ name }): [string, number[]] => [name, []]));
  const rates = empty();
  const cpuTimes = empty();
  for (let round = -1; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const { name, run } of order) {
      globalThis.gc?.();
      const startedAt = performance.now();
      const before = process.cpuUsage();
      const done = await run();
      const { user, system } = process.cpuUsage(before);
      const rate = (done / (performance.now() - startedAt)) * 1_000;
      if (round < 0) continue;
      rates.get(name)?.push(rate);
      cpuTimes.get(name)?.push((user + system) / done);
    }
  }
  return { rates, cpuTimes };
}

export const measure = async (contenders: readonly Contender[], rounds: number): Promise<Rates> =>
  (await measureTimes(contenders, rounds)).rates;

/** The median of the rounds' own ratios, with the quartiles around it. */
export function ratio(
  rates: Rates,
  name: string,
  base: string,
): { readonly median: number; readonly spread: string } {
  const bases = rates.get(base) ?? [];
  const ratios = (rates.get(name) ?? [])
    .map((rate, round) => rate / (bases[round] ?? Number.NaN))
    .sort((a, b) => a - b);
  const quartile = (share: number) =>
    (ratios[Math.floor((ratios.length - 1) * share)] ?? Number.NaN).toFixed(3);
  return { median: median(ratios), spread: `${quartile(0.25)}..${quartile(0.75)}` };
}

export function printRatio(rates: Rates, name: string, base: string, aim = ''): void {
  const { median: middle, spread } = ratio(rates, name, base);
  console.log(
    `  ${`${name} / ${base}`.padEnd(62)} ${middle.toFixed(3)}  (half of the rounds within ${spread}) ${aim}`,
  );
}
