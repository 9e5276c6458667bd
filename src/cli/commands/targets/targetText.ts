import type { TargetView } from '../../../index.js';
import { formatDuration } from '../../shell/duration.js';
import type { CommandOutput } from '../../shell/commandOutput.js';

function deliveryOf({ delivery, order, deliverFrom, paused }: TargetView): string {
  if (delivery !== 'durable') return delivery;
  return `durable, order ${order}, from ${deliverFrom}${paused ? ', paused' : ''}`;
}

export const enforcementOf = ({ enforcement, enforcePercent }: TargetView): string =>
  enforcement === 'enforce' ? `enforce ${enforcePercent} %` : enforcement;

/** Leave the mark out for an observed target, which never interrupts. */
export function interruptsOf({ interruptOnError, enforcement, enforcePercent }: TargetView): string {
  if (!interruptOnError || enforcement === 'observe') return 'no';
  return enforcePercent === 100 ? 'yes' : `${enforcePercent} %`;
}

export const detailsOf = (target: TargetView, output: CommandOutput): string =>
  output.details([
    ['id', target.id],
    ['name', target.name],
    ['type', target.type],
    ['endpoint', target.endpoint],
    ['timeout', formatDuration(target.timeoutMs)],
    ['interrupt on error', String(target.interruptOnError)],
    ['payload type', target.payloadType],
    ['delivery', deliveryOf(target)],
    ['enforcement', `${target.enforcement}, ${target.enforcePercent} %`],
    ['headers', Object.keys(target.headers).join(', ')],
    [
      'public keys',
      target.keys.map(({ keyID, active }) => (active ? `${keyID} (active)` : keyID)).join(', '),
    ],
    ['created', target.created.toISOString()],
    ['changed', target.changed.toISOString()],
  ]);
