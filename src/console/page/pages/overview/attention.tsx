import type { ComponentChildren, VNode } from 'preact';
import type { Deliveries } from '../../../wire/deliveries.js';
import type { Overview } from '../../../wire/session.js';
import { count, roughly } from '../../../../lib/shown/figures.js';
import { shown } from '../../parts/text.js';
import { lacksWorkers } from '../deliveries/deliveriesText.js';
import { link } from '../../state/route.js';

const target = (id: string, name = id): VNode => <a href={link(['targets', id])}>{shown(name, 80)}</a>;

const many = (amount: number, one: string, more: string): string =>
  `${count(amount)} ${amount === 1 ? one : more}`;

function indexWorries({ process, totals }: Overview): readonly ComponentChildren[] {
  const { index, dropped } = process;
  return [
    !index.connected && (
      <>
        The index does not follow the event store{index.failure !== undefined && `: ${shown(index.failure)}`}.
        Changes that others make are not seen.
      </>
    ),
    !index.caughtUp && <>The index has not caught up: it is {roughly(index.lagMs)} behind.</>,
    index.cutIncludes > 0 && (
      <>{many(index.cutIncludes, 'include adds', 'includes add')} nothing: a cycle, or too deep a chain.</>
    ),
    totals.failedEvents > 0 && (
      <>{many(totals.failedEvents, 'event is', 'events are')} malformed and skipped; see below.</>
    ),
    dropped > 0 && (
      <>{many(dropped, 'async call was', 'async calls were')} not made, because the queue was full.</>
    ),
  ];
}

function targetWorries({
  breakers,
  unreadableKeys,
  totals,
  targets,
}: Overview): readonly ComponentChildren[] {
  const nameOf = (id: string) => targets.find(({ targetID }) => targetID === id)?.name;
  return [
    ...breakers.slice(0, 10).map(({ targetID, state }) => (
      <>
        The circuit breaker of {target(targetID, nameOf(targetID))} is {state}.
      </>
    )),
    totals.breakers > 10 && <>{count(totals.breakers - 10)} other breakers are not closed.</>,
    ...unreadableKeys
      .slice(0, 10)
      .map((id) => (
        <>
          The signing key or a header value of {target(id, nameOf(id))} does not open: nothing is sent to it.
        </>
      )),
    totals.unreadableKeys > 10 && (
      <>{count(totals.unreadableKeys - 10)} other targets have keys that do not open.</>
    ),
  ];
}

const deliveryWorries = (deliveries: Deliveries | undefined): readonly ComponentChildren[] =>
  deliveries
    ? [
        lacksWorkers(deliveries) && <>No worker of durable delivery lives: nothing is delivered.</>,
        deliveries.deadLetters > 0 && (
          <a href={link(['deliveries'], { state: 'parked' })}>
            {many(deliveries.deadLetters, 'dead letter waits', 'dead letters wait')} for a decision.
          </a>
        ),
        ...deliveries.targets
          .filter(({ state }) => state === 'down' || state === 'suspended' || state === 'throttled')
          .slice(0, 10)
          .map(({ targetID, name, state }) => (
            <>
              Deliveries to {target(targetID, name)} are {state}.
            </>
          )),
      ]
    : [];

interface AttentionProps {
  readonly overview: Overview;
  readonly deliveries: Deliveries | undefined;
}

/** The notices that an operator should see first. */
export function Attention({ overview, deliveries }: AttentionProps): VNode {
  const worries = [
    ...indexWorries(overview),
    ...targetWorries(overview),
    ...deliveryWorries(deliveries),
  ].filter((worry) => worry !== false);
  if (worries.length === 0) return <p class="notice good">All is well: nothing needs attention.</p>;
  return (
    <div class="notice warn">
      <strong>Needs attention</strong>
      <ul>
        {worries.map((worry, place) => (
          <li key={place}>{worry}</li>
        ))}
      </ul>
    </div>
  );
}
