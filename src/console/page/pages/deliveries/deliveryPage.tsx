import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Delivery } from '../../../wire/deliveries.js';
import { utc } from '../../../../lib/shown/figures.js';
import { DeliveryBadge } from './deliveryBadge.js';
import { Button } from '../../parts/button.js';
import { Confirm } from '../../parts/dialogs/confirm.js';
import { Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { Page, Section } from '../../parts/page.js';
import { Code, Long } from '../../parts/text.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { useQuery } from '../../state/query.js';
import { go, link } from '../../state/route.js';

function DeliveryFacts({ delivery }: { readonly delivery: Delivery }): VNode {
  const { state, targetID, nextAttemptAt, parkedAt, reason } = delivery;
  return (
    <Facts
      facts={[
        ['State', <DeliveryBadge state={state} />],
        [
          'Target',
          targetID === '' ? (
            'not known: the host failed to name the caller or the event'
          ) : (
            <a href={link(['targets', targetID])}>
              <Code text={targetID} />
            </a>
          ),
        ],
        ['Stream', <Code text={delivery.stream} />],
        ['Revision', delivery.version],
        ['Event type', <Code text={delivery.eventType} />],
        ['Event id', <Code text={delivery.eventID} />],
        ['Attempts', delivery.attempts],
        ['Last status', delivery.status],
        ['Reason', reason !== undefined && <Long text={reason} length={2_000} />],
        ['First attempt', utc(delivery.firstAt)],
        ['Next attempt', nextAttemptAt && utc(nextAttemptAt)],
        ['Parked', parkedAt && utc(parkedAt)],
        ['Call id', <Code text={delivery.id} />],
      ]}
    />
  );
}

function DeliveryActions({ delivery }: { readonly delivery: Delivery }): VNode {
  const { client, said } = useApp();
  const change = useChange();
  const [does, setDoes] = useState<'replay' | 'discard'>();
  const close = () => {
    setDoes(undefined);
    change.forget();
  };
  const carryOut = (what: 'replay' | 'discard') =>
    change.run(async () => {
      await client.post(`api/deliveries/${what}`, { ids: [delivery.id] });
      close();
      if (what === 'discard') go(link(['deliveries']));
      else said.set('It will be delivered once more: a worker carries it out.');
    });
  return (
    <>
      <Button kind="primary" onPress={() => setDoes('replay')}>
        Replay
      </Button>
      <Button kind="danger" onPress={() => setDoes('discard')}>
        Discard
      </Button>
      {does && (
        <Confirm
          title={does === 'replay' ? 'Replay the dead letter' : 'Discard the dead letter'}
          does={does === 'replay' ? 'Replay' : 'Discard'}
          isDangerous={does === 'discard'}
          change={change}
          onConfirm={() => carryOut(does)}
          onClose={close}
        >
          <p>
            {does === 'replay'
              ? 'It will be delivered once more.'
              : 'It will never be delivered. This cannot be undone.'}
          </p>
        </Confirm>
      )}
    </>
  );
}

export function DeliveryPage({ id }: { readonly id: string }): VNode {
  const { session } = useApp();
  const delivery = useQuery<Delivery>(`api/deliveries/items/${encodeURIComponent(id)}`);
  const isLetter = delivery.data?.state === 'parked';
  return (
    <Page
      title={delivery.data?.eventType ?? 'Delivery'}
      actions={isLetter && session.can.writeTargets && <DeliveryActions delivery={delivery.data} />}
    >
      <Loaded query={delivery}>
        {(found) => (
          <Section title="How it stands">
            <DeliveryFacts delivery={found} />
          </Section>
        )}
      </Loaded>
    </Page>
  );
}
