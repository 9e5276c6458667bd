import { z } from 'zod';
import { nothingRead, parseInput } from '../../lib/input.js';

const mostItems = 1_000;
const text = z.string().max(10_000);
const place = z.union(
  [z.bigint().min(0n), z.date()],
  'is a position (a bigint of at least 0n) or a time (a Date)',
);
const byIDs = z.strictObject({ ids: z.array(text) });
const ofTarget = z.strictObject({ targetID: text, reason: text.optional() });
const ofPeriod = z.strictObject({ targetID: text, from: place, to: place });

const listQuery = z.strictObject({
  targetID: text.optional(),
  stream: text.optional(),
  state: z.enum(['waiting', 'parked']).optional(),
  limit: z.number().int().min(1).max(mostItems).default(100),
  after: text.regex(/^(?:waiting|parked)(?: \S+)?$/, 'is next of the page before').optional(),
});
const replay = z.union(
  [byIDs, ofTarget, ofPeriod],
  'is { ids }, { targetID, reason? } or { targetID, from, to }',
);
const discard = z.union([byIDs, ofTarget], 'is { ids } or { targetID, reason? }');

/** @throws {@link InvalidArgumentError}, as all functions of this file; no request was made then */
export const takeListQuery = (given: unknown) => parseInput(listQuery, given, 'the query', nothingRead);
export const takeReplay = (given: unknown) => parseInput(replay, given, 'what to replay');
export const takeDiscard = (given: unknown) => parseInput(discard, given, 'what to discard');
export const takeDeliveryID = (given: unknown) =>
  parseInput(text, given, 'the id of a delivery', nothingRead);
