import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Delivery, DeliveryPage } from '../../../wire/deliveries.js';
import { apiPath } from '../../api/apiPath.js';
import { DeliveryBadge } from './deliveryBadge.js';
import { DataTable, type Column } from '../../parts/dataTable.js';
import { Loaded } from '../../parts/loaded.js';
import { Pager } from '../../parts/pager.js';
import { Code, shown, Time } from '../../parts/text.js';
import { useApp } from '../../state/app.js';
import { useQuery } from '../../state/query.js';
import { link, useRoute } from '../../state/route.js';
import { LetterActions } from './letterActions.js';

const everyMs = 5_000;

const columns: readonly Column<Delivery>[] = [
  {
    title: 'Event',
    cell: ({ id, eventType }) => <a href={link(['deliveries', id])}>{shown(eventType, 80)}</a>,
  },
  { title: 'Stream', cell: ({ stream }) => <Code text={stream} length={120} /> },
  {
    title: 'State',
    cell: ({ state }) => <DeliveryBadge state={state} />,
  },
  { title: 'Attempts', isNumber: true, cell: ({ attempts }) => attempts },
  {
    title: 'Last answer',
    cell: ({ status, reason }) => (
      <span class="long">{[status, reason && shown(reason, 120)].filter(Boolean).join(' ')}</span>
    ),
  },
  {
    title: 'Due or parked (UTC)',
    cell: ({ nextAttemptAt, parkedAt }) => {
      const at = parkedAt ?? nextAttemptAt;
      return at === undefined ? '–' : <Time at={at} />;
    },
  },
];

interface SelectProps {
  readonly item: Delivery;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

const Select = ({ item, isChosen, onChoose }: SelectProps): VNode => (
  <input
    type="checkbox"
    class="choose"
    aria-label={`Choose ${shown(item.eventType, 80)} of ${shown(item.stream, 80)}`}
    checked={isChosen}
    disabled={item.state !== 'parked'}
    onChange={(event) => onChoose(event.currentTarget.checked)}
  />
);

export function DeliveryList(): VNode {
  const { session } = useApp();
  const { state, targetID, stream, after } = useRoute().query;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const deliveries = useQuery<DeliveryPage>(
    apiPath('deliveries/items', { state, targetID, stream, after, limit: 50 }),
    everyMs,
  );
  const choose = (id: string, isChosen: boolean) => {
    const ids = new Set(chosen);
    if (isChosen) ids.add(id);
    else ids.delete(id);
    setChosen(ids);
  };
  const select: Column<Delivery> = {
    title: 'Choose',
    cell: (item) => (
      <Select item={item} isChosen={chosen.has(item.id)} onChoose={(isChosen) => choose(item.id, isChosen)} />
    ),
  };
  return (
    <Loaded query={deliveries}>
      {({ items, next }) => {
        const letters = items.filter((item) => item.state === 'parked');
        return (
          <>
            {session.can.writeTargets && letters.length > 0 && (
              <LetterActions
                // Keep the choice of dead letters that still exist.
                ids={letters.map(({ id }) => id).filter((id) => chosen.has(id))}
                all={letters.map(({ id }) => id)}
                targetID={targetID}
                onChoose={(ids) => setChosen(new Set(ids))}
              />
            )}
            <DataTable
              caption="Deliveries"
              rows={items}
              keyOf={({ id }) => id}
              empty="Nothing waits, and there is no dead letter."
              columns={session.can.writeTargets && letters.length > 0 ? [select, ...columns] : columns}
            />
            <Pager shown={items.length} next={next} what="deliveries" />
          </>
        );
      }}
    </Loaded>
  );
}
