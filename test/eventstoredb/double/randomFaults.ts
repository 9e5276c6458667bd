import type { AppendFault, DeliveryFault } from './faults.js';

/** Probabilities from 0 to 1; those of an append together at most 1. */
export type RandomFaults = {
  readonly seed: number;
  /** The connection is cut before the commit. */
  readonly reset?: number;
  /** The connection is cut between the commit and the answer. */
  readonly lostAcknowledgement?: number;
  /** No answer; written or not by the toss of a coin. */
  readonly silence?: number;
  /** The stream of the call ends with status OK; written or not by the toss of a coin. */
  readonly gracefulEnd?: number;
  /** The server is killed and comes back; written or not by the toss of a coin. */
  readonly restart?: number;
  /** Per delivered event: its subscription ends, or its connection is cut. */
  readonly drop?: number;
};

export const randomAppendFault = (faults: RandomFaults, next: () => number): AppendFault | undefined => {
  const coin = next() < 0.5;
  const outcomes: readonly (readonly [number | undefined, AppendFault])[] = [
    [faults.reset, { commit: false, then: 'reset' }],
    [faults.lostAcknowledgement, { commit: true, then: 'reset' }],
    [faults.silence, { commit: coin, then: 'silence' }],
    [faults.gracefulEnd, { commit: coin, then: 'end' }],
    [faults.restart, { commit: coin, then: 'restart' }],
  ];
  let drawn = next();
  for (const [probability = 0, fault] of outcomes) {
    if (drawn < probability) return fault;
    drawn -= probability;
  }
  return undefined;
};

const drops: readonly DeliveryFault[] = ['unavailable', 'cancelled', 'end', 'reset'];

export const randomDeliveryFault = (faults: RandomFaults, next: () => number): DeliveryFault | undefined =>
  next() < (faults.drop ?? 0) ? drops[Math.floor(next() * drops.length)] : undefined;
