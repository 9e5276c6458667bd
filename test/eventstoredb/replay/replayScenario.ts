import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Patience } from './listening.js';
import { failureAnswer, Naming } from './naming.js';
import type { Player, Stage } from './player.js';
import type { Call, Scenario, Step } from './scenario.js';
import * as streamPlayers from './streamPlayers.js';
import * as subscriptionPlayers from './subscriptionPlayers.js';

const { deleteStream, ...otherStreamPlayers } = streamPlayers;

const players: { readonly [Name in Call['call']]: Player<Name> } = {
  ...otherStreamPlayers,
  ...subscriptionPlayers,
  delete: deleteStream,
};

/** The answer to a step here, and the recorded answer of EventStoreDB. */
export type Compared = { readonly step: Call; readonly recorded: unknown; readonly answered: unknown };

const entriesOf = (answer: unknown): number => {
  const list = Array.isArray(answer) ? answer : (answer as { log?: unknown[] }).log;
  return list?.length ?? 0;
};

const play = async (stage: Stage, { answer: recorded, ...step }: Step): Promise<Compared> => {
  const player = players[step.call] as Player<Call['call']>;
  try {
    const answer = await player(stage, step, entriesOf(recorded));
    return { step, recorded, answered: stage.naming.plain(answer) };
  } catch (error) {
    return { step, recorded, answered: stage.naming.plain(failureAnswer(error)) };
  }
};

/** Consecutive steps that only listen wait at the same time. */
const rounds = (steps: readonly Step[]): readonly (readonly Step[])[] => {
  const grouped: Step[][] = [];
  for (const step of steps) {
    const round = grouped.at(-1);
    const listens = step.call === 'heard' || step.call === 'subscribe';
    if (listens && round?.[0]?.call === step.call) round.push(step);
    else grouped.push([step]);
  }
  return grouped;
};

/** Makes every call of a recorded scenario through the client, on any server. */
export const replayScenario = async (
  client: EventStoreDBClient,
  scenario: Scenario,
  patience: Patience,
): Promise<readonly Compared[]> => {
  const stage: Stage = { client, patience, naming: new Naming(scenario.name), subscriptions: new Map() };
  const compared: Compared[] = [];
  for (const round of rounds(scenario.steps))
    compared.push(...(await Promise.all(round.map((step) => play(stage, step)))));
  await Promise.all([...stage.subscriptions.values()].map((subscription) => subscription.stop()));
  return compared;
};
