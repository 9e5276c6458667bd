import { z } from 'zod';
import type { Occurrence } from '../../index.js';
import type { JSONValue } from '../../ports.js';
import type { Explanation, Rehearsal } from '../wire/rehearsals.js';
import type { ApiCall, Endpoint, Sources } from '../calls/apiCall.js';
import { kinds, requirePermission, takeBody, text } from './inputs.js';
import { createRehearsalRoom, rehearsalRoom } from './rehearsalRoom.js';
import { shownRehearsal } from './shown/shownRehearsal.js';

const occurrence = { kind: z.enum(kinds), name: text };
const json = z.unknown().optional();

const occurrenceOf = ({ kind, name }: { readonly kind: string; readonly name: string }) =>
  ({ [kind]: name }) as unknown as Occurrence;

export function explainEndpoints({ actions }: Pick<Sources, 'actions'>): readonly Endpoint[] {
  const inRoom = createRehearsalRoom();

  async function rehearse(call: ApiCall): Promise<Rehearsal> {
    const body = takeBody(call, {
      ...occurrence,
      content: json,
      request: json,
      stream: text.optional(),
      sequence: z
        .string()
        .regex(/^[0-9]{1,20}$/, 'a version in decimal digits')
        .optional(),
      send: z.boolean().default(false),
    });
    const { content, request, stream, sequence, send } = body;
    if (send) requirePermission(call, 'action.execution.write');
    const rendered = actions.explain(occurrenceOf(body)).targets.length;
    const bytes = call.bodyBytes * Math.max(1, rendered) + (send ? rehearsalRoom.answers : 0);
    return inRoom(call.instanceID, bytes, async () => {
      const found = await actions.rehearse(occurrenceOf(body), {
        ...(content !== undefined && { content: content as JSONValue }),
        ...(request !== undefined && { request: request as JSONValue }),
        ...(stream !== undefined && { stream }),
        ...(sequence !== undefined && { sequence: BigInt(sequence) }),
        ...(send && { keptBytes: bytes }),
        send,
        signal: call.signal,
      });
      return shownRehearsal(found);
    });
  }

  return [
    {
      method: 'POST',
      path: 'explain',
      permissions: ['action.execution.read'],
      answer: (call): Explanation => actions.explain(occurrenceOf(takeBody(call, occurrence))),
    },
    {
      method: 'POST',
      path: 'rehearse',
      permissions: ['action.execution.read', 'action.target.read'],
      answer: rehearse,
    },
  ];
}
