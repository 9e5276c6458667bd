import type { VNode } from 'preact';
import type { Target } from '../../../wire/targets.js';
import { milliseconds, utc } from '../../../../lib/shown/figures.js';
import { Badge } from '../../parts/badge.js';
import { Facts } from '../../parts/facts.js';
import { Code, shown } from '../../parts/text.js';
import { typeName } from './settingNames.js';

export const enforcementText = ({ enforcement, enforcePercent }: Target): string =>
  enforcement === 'observe' ? 'observed' : enforcePercent < 100 ? `enforced ${enforcePercent} %` : 'enforced';

export function TargetFacts({ target }: { readonly target: Target }): VNode {
  const names = Object.keys(target.headers);
  const isDurable = target.delivery === 'durable';
  return (
    <Facts
      facts={[
        ['Endpoint', <Code text={target.endpoint} length={2_100} />],
        ['Type', typeName[target.type]],
        ['Answers are', enforcementText(target)],
        target.type === 'async'
          ? [
              'Delivery',
              isDurable ? `durable, order: ${target.order}, from: ${target.deliverFrom}` : 'inline',
            ]
          : ['An error', target.interruptOnError ? 'fails the operation' : 'is only reported'],
        ['Paused', target.paused && <Badge tone="warn" text="paused" />],
        ['Timeout', milliseconds(target.timeoutMs)],
        ['Payload', target.payloadType],
        ['Headers', names.length === 0 ? 'none' : names.map((name) => `${shown(name, 80)}: ***`).join(', ')],
        [
          'Public keys',
          target.keys.length > 0 &&
            target.keys
              .map(({ keyID, active }) => `${shown(keyID, 80)}${active ? ' (active)' : ''}`)
              .join(', '),
        ],
        ['Id', <Code text={target.id} />],
        ['Added', utc(target.created)],
        ['Changed', utc(target.changed)],
      ]}
    />
  );
}
