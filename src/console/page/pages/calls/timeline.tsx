import type { VNode } from 'preact';
import { colourOf } from '../../../../charts/series.js';
import { timeline } from '../../../../charts/timeline.js';
import type { Call } from '../../../wire/calls.js';
import { milliseconds } from '../../../../lib/shown/figures.js';
import { VerdictBadge } from '../../parts/badge.js';
import { Chart } from '../../parts/chart.js';
import { DataTable } from '../../parts/dataTable.js';
import { Long, shown, Time } from '../../parts/text.js';
import { link } from '../../state/route.js';
import { answerText } from './callTable.js';

interface TimelineProps {
  readonly calls: readonly Call[];
  /** The shown call. */
  readonly number: number;
}

export const Timeline = ({ calls, number }: TimelineProps): VNode => (
  <>
    <Chart
      kind="rows"
      drawing={timeline(
        calls.map(({ name, at, durationMs, verdict }) => ({
          name: shown(name, 80),
          endedAt: Date.parse(at),
          durationMs,
          colour: colourOf(verdict),
        })),
      )}
    />
    <DataTable
      caption="Calls of the same operation"
      rows={calls}
      keyOf={(call) => call.number}
      empty="None."
      columns={[
        {
          title: 'Answered (UTC)',
          cell: (call) =>
            call.number === number ? (
              <strong>
                <Time at={call.at} /> (this one)
              </strong>
            ) : (
              <a href={link(['calls', String(call.number)])}>
                <Time at={call.at} />
              </a>
            ),
        },
        { title: 'Target', cell: ({ name }) => <Long text={name} length={60} /> },
        { title: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} /> },
        { title: 'Attempt', isNumber: true, cell: ({ attempt }) => attempt },
        { title: 'Took', isNumber: true, cell: ({ durationMs }) => milliseconds(durationMs) },
        { title: 'Answer', cell: answerText },
      ]}
    />
  </>
);
