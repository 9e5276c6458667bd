/** One part of stacked bars: what it counts, how it is called, and the class that colours it. */
export interface Series<Key extends string> {
  readonly key: Key;
  readonly label: string;
  readonly colour: 'passed' | 'amended' | 'vetoed' | 'failed' | 'planned';
}

export const eventSeries = (sent: boolean) =>
  sent
    ? ([
        { key: 'passed', label: 'passed', colour: 'passed' },
        { key: 'amended', label: 'amended', colour: 'amended' },
        { key: 'vetoed', label: 'vetoed', colour: 'vetoed' },
        { key: 'failed', label: 'failed', colour: 'failed' },
      ] as const)
    : ([{ key: 'planned', label: 'would be asked about', colour: 'planned' }] as const);

export const callSeries = (sent: boolean) =>
  sent
    ? ([
        { key: 'passed', label: 'passed', colour: 'passed' },
        { key: 'amended', label: 'amended', colour: 'amended' },
        { key: 'refused', label: 'refused', colour: 'vetoed' },
        { key: 'failed', label: 'failed', colour: 'failed' },
      ] as const)
    : ([{ key: 'planned', label: 'would be made', colour: 'planned' }] as const);
