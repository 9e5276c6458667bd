import { z } from 'zod';
import { defineFunction } from '../operations/functionDefinition.js';
import { absentable, record, tokenSubject, userMetadata, type UserMetadata } from './flowSchemas.js';

const attribute = z.object({
  name: z.string().min(1),
  name_format: absentable(z.string()),
  value: z.array(z.string()),
});
type SAMLAttribute = z.output<typeof attribute>;

/** The result of the function before a SAML response. */
export interface AppendedAttributes {
  /** Attributes to append; of attributes with one name, the first stays. */
  readonly attributes: readonly SAMLAttribute[];
  /** Metadata for the host to store. */
  readonly metadata: UserMetadata;
  /** The attributes that were ignored, and why. */
  readonly log: readonly string[];
}

/** Runs before a SAML response is made. */
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
