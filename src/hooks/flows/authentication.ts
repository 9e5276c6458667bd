import { z } from 'zod';
import { defineFunction } from '../functionDefinition.js';
import { record, userMetadata } from './schemas.js';

const text = z.string().max(500);

/** Fields of a user that a target may set. */
const userFields = z.strictObject({
  first_name: text.optional(),
  last_name: text.optional(),
  nick_name: text.optional(),
  display_name: text.optional(),
  preferred_language: text.optional(),
  gender: text.optional(),
  username: text.optional(),
  preferred_username: text.optional(),
  email: z.email().optional(),
  email_verified: z.boolean().optional(),
  phone: text.optional(),
  phone_verified: z.boolean().optional(),
});

/** A role that a user is to be given, in a project or in the grant of one. */
const userGrant = z.strictObject({
  project_id: z.string().min(1),
  project_grant_id: z.string().min(1).optional(),
  roles: z.array(z.string()),
});

const internal = z.object({
  user: record,
  org: record.optional(),
  auth_request: record.optional(),
  auth_error: z.string().optional(),
});
const external = internal.extend({ external_user: record.optional(), tokens: record.optional() });

const watching = z.strictObject({ set_user_metadata: userMetadata.optional() });
const changing = watching.extend({ set_user: userFields.optional() });
const granting = watching.extend({ append_user_grants: z.array(userGrant).optional() });

/** `set_user` puts fields in the place of the user's fields of the same name. */
const defineChanging = <Payload extends typeof internal>(name: string, payload: Payload) =>
  defineFunction({
    name,
    payload,
    answer: changing,
    apply: ({ user }, answer) => ({
      user: { ...user, ...answer?.set_user } as z.output<typeof record>,
      metadata: answer?.set_user_metadata ?? [],
    }),
  });

const defineGranting = <Payload extends typeof internal>(name: string, payload: Payload) =>
  defineFunction({
    name,
    payload,
    answer: granting,
    apply: (_payload, answer) => ({
      userGrants: answer?.append_user_grants ?? [],
      metadata: answer?.set_user_metadata ?? [],
    }),
  });

export const internalPostAuthentication = defineFunction({
  name: 'internalauthentication.postauthentication',
  payload: internal,
  answer: watching,
  apply: (_payload, answer) => ({ metadata: answer?.set_user_metadata ?? [] }),
});
export const internalPreCreation = defineChanging('internalauthentication.precreation', internal);
export const internalPostCreation = defineGranting('internalauthentication.postcreation', internal);

export const externalPostAuthentication = defineChanging(
  'externalauthentication.postauthentication',
  external,
);
export const externalPreCreation = defineChanging('externalauthentication.precreation', external);
export const externalPostCreation = defineGranting('externalauthentication.postcreation', external);
