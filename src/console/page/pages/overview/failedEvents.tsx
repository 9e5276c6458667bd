import type { VNode } from 'preact';
import type { Overview } from '../../../wire/session.js';
import { count } from '../../../../lib/shown/figures.js';
import { DataTable } from '../../parts/dataTable.js';
import { Section } from '../../parts/page.js';
import { Code, Long } from '../../parts/text.js';

interface FailedEventsProps {
  readonly events: Overview['failedEvents'];
  readonly total: number;
}

export const FailedEvents = ({ events, total }: FailedEventsProps): VNode => (
  <Section
    title="Malformed events"
    note={`${count(total)} events of this instance were skipped; the rest goes on.`}
  >
    <DataTable
      caption="Malformed events"
      rows={events}
      keyOf={({ stream, version }) => `${stream} ${version}`}
      empty="None."
      columns={[
        { title: 'Stream', cell: ({ stream }) => <Code text={stream} /> },
        { title: 'Revision', isNumber: true, cell: ({ version }) => version },
        { title: 'Type', cell: ({ type }) => <Code text={type} /> },
        { title: 'Reason', cell: ({ reason }) => <Long text={reason} /> },
      ]}
    />
  </Section>
);
