/** A part of stacked bars: the key of its count, its label, and the class of its colour. */
export interface Series<Key extends string> {
  readonly key: Key;
  readonly label: string;
  readonly colour: 'passed' | 'amended' | 'vetoed' | 'failed' | 'planned';
}

/** The verdicts of calls, in the order in which bars stack them. */
export const verdictSeries = [
  { key: 'passed', label: 'passed', colour: 'passed' },
  { key: 'amended', label: 'amended', colour: 'amended' },
  { key: 'refused', label: 'refused', colour: 'vetoed' },
  { key: 'failed', label: 'failed', colour: 'failed' },
] as const satisfies readonly Series<string>[];

type Verdict = (typeof verdictSeries)[number]['key'];

export const colourOf = (verdict: Verdict): Series<string>['colour'] =>
  verdictSeries.find(({ key }) => key === verdict)?.colour ?? 'planned';
