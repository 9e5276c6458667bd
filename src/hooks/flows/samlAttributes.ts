import { z } from 'zod';
import { defineFunction } from '../operations/functionDefinition.js';
import { absentable, record, tokenSubject, userMetadata, type UserMetadata } from './schemas.js';

const attribute = z.object({
  name: z.string().min(1),
  name_format: absentable(z.string()),
  value: z.array(z.string()),
});
export type SAMLAttribute = z.output<typeof attribute>;

/** What the function before a SAML response gives back. */
export interface AppendedAttributes {
  /** To be appended, each name once: the first one stays. */
  readonly attributes: readonly SAMLAttribute[];
  /** To be stored by the host. */
  readonly metadata: UserMetadata;
  /** What was passed over, and why. */
  readonly log: readonly string[];
}

/** Before a SAML response is made. */
export const preSAMLResponse = defineFunction({
  name: 'presamlresponse',
  payload: z.object({ userinfo: record.optional(), ...tokenSubject }),
  answer: z.object({
    set_user_metadata: userMetadata.optional(),
    append_attribute: z.array(attribute).optional(),
  }),
  apply: (_payload, answer): AppendedAttributes => {
    const attributes = new Map<string, SAMLAttribute>();
    const log: string[] = [];
    for (const each of answer?.append_attribute ?? [])
      if (attributes.has(each.name)) log.push(`key "${each.name}" already exists`);
      else attributes.set(each.name, each);
    return { attributes: [...attributes.values()], metadata: answer?.set_user_metadata ?? [], log };
  },
});
