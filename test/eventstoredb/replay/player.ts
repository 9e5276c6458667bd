import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Listening, Patience } from './listening.js';
import type { Naming } from './naming.js';
import type { Call, CallOf } from './scenario.js';

/** The state that the calls of one scenario share. */
export type Stage = {
  readonly client: EventStoreDBClient;
  readonly naming: Naming;
  readonly patience: Patience;
  readonly subscriptions: Map<string, Listening>;
};

/** Makes one call and returns its answer. @param entries - how many the recorded answer has, where it is a list */
export type Player<Name extends Call['call']> = (
  stage: Stage,
  step: CallOf<Name>,
  entries: number,
) => Promise<unknown>;

export const expectation = (expect: string | undefined) => {
  if (expect === undefined) return {};
  if (expect === 'any' || expect === 'no_stream') return { expectedRevision: expect } as const;
  return { expectedRevision: BigInt(expect) };
};

export const listening = ({ subscriptions }: Stage, name: string): Listening => {
  const found = subscriptions.get(name);
  if (!found) throw new Error(`No subscription ${name}`);
  return found;
};
