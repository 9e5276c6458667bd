import { z } from 'zod';

const targetEntry = z.looseObject({ type: z.literal('target'), target: z.string() });
const includeEntry = z.looseObject({ type: z.literal('include'), include: z.string() });

/** Stored data of each event type, leniently: unknown keys are kept. */
export const executionEventData = {
  'execution.set': z.looseObject({
    targets: z.array(z.discriminatedUnion('type', [targetEntry, includeEntry])),
  }),
  'execution.removed': z.looseObject({}),
} as const;
