import type { VNode } from 'preact';
import type { Call } from '../../../wire/calls.js';
import { milliseconds } from '../../../../lib/shown/figures.js';
import { VerdictBadge } from '../../parts/badge.js';
import { DataTable } from '../../parts/dataTable.js';
import { Long, shown, Time } from '../../parts/text.js';
import { link } from '../../state/route.js';

export const answerText = ({ status, reason }: Call): string =>
  [status, reason && shown(reason, 120)].filter((part) => part !== undefined && part !== '').join(' ');

export const CallTable = ({
  calls,
  empty,
}: {
  readonly calls: readonly Call[];
  readonly empty: string;
}): VNode => (
  <DataTable
    caption="Calls, the latest first"
    rows={calls}
    keyOf={({ number }) => number}
    empty={empty}
    columns={[
      {
        title: 'Time (UTC)',
        cell: ({ number, at }) => (
          <a href={link(['calls', String(number)])}>
            <Time at={at} />
          </a>
        ),
      },
      {
        title: 'Verdict',
        cell: ({ verdict, enforced }) => (
          <>
            <VerdictBadge verdict={verdict} /> {!enforced && <span class="quiet">observed</span>}
          </>
        ),
      },
      { title: 'Target', cell: ({ name }) => <Long text={name} length={60} /> },
      { title: 'Condition', cell: ({ condition }) => <code class="long">{shown(condition, 120)}</code> },
      { title: 'Took', isNumber: true, cell: ({ durationMs }) => milliseconds(durationMs) },
      { title: 'Answer', cell: answerText },
    ]}
  />
);
