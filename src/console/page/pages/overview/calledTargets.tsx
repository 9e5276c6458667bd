import type { VNode } from 'preact';
import type { TargetHealth } from '../../../wire/session.js';
import { count, milliseconds } from '../../../../lib/shown/figures.js';
import { DataTable } from '../../parts/dataTable.js';
import { Long, shown, Time } from '../../parts/text.js';
import { link } from '../../state/route.js';

const lastFailure = ({ lastFailure: last }: TargetHealth): VNode | string =>
  last ? (
    <>
      <Time at={last.at} /> <Long text={last.reason} />
    </>
  ) : (
    'none'
  );

interface CalledTargetsProps {
  readonly targets: readonly TargetHealth[];
  readonly total: number;
}

export const CalledTargets = ({ targets, total }: CalledTargetsProps): VNode => (
  <>
    <DataTable
      caption="Targets that were called"
      rows={targets}
      keyOf={({ targetID }) => targetID}
      empty="No target was called yet."
      columns={[
        {
          title: 'Target',
          cell: ({ targetID, name }) => <a href={link(['targets', targetID])}>{shown(name, 80)}</a>,
        },
        { title: 'Calls', isNumber: true, cell: ({ calls }) => count(calls) },
        { title: 'Failed', isNumber: true, cell: ({ failures }) => count(failures) },
        { title: 'In a row', isNumber: true, cell: ({ failuresInARow }) => count(failuresInARow) },
        {
          title: 'Median',
          isNumber: true,
          cell: ({ latencyMs }) => (latencyMs ? milliseconds(latencyMs.median) : '–'),
        },
        {
          title: 'p95',
          isNumber: true,
          cell: ({ latencyMs }) => (latencyMs ? milliseconds(latencyMs.p95) : '–'),
        },
        { title: 'Last failure (UTC)', cell: lastFailure },
      ]}
    />
    {total > targets.length && (
      <p class="note">
        The first {count(targets.length)} of {count(total)}.
      </p>
    )}
  </>
);
