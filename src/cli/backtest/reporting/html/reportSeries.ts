import { verdictSeries } from '../../../../charts/series.js';

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
  sent ? verdictSeries : ([{ key: 'planned', label: 'would be made', colour: 'planned' }] as const);
