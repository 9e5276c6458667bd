import { z } from 'zod';
import { defineFunction } from '../operations/functionDefinition.js';
import { absentable, record, userMetadata } from './flowSchemas.js';

const text = z.string().max(500);

/** Fields of a user that a target may set. */
const userFields = z.object({
  first_name: absentable(text),
  last_name: absentable(text),
  nick_name: absentable(text),
  display_name: absentable(text),
  preferred_language: absentable(text),
  gender: absentable(text),
  username: absentable(text),
  preferred_username: absentable(text),
  email: absentable(z.email()),
  email_verified: absentable(z.boolean()),
  phone: absentable(text),
  phone_verified: absentable(z.boolean()),
});

/** A role that a user is granted, in a project or in the grant of one. */
const userGrant = z.object({
  project_id: z.string().min(1),
  project_grant_id: absentable(z.string().min(1)),
  roles: z.array(z.string()),
});

const internal = z.object({
  user: record,
  org: record.optional(),
  auth_request: record.optional(),
  auth_error: z.string().optional(),
});
const external = internal.extend({ external_user: record.optional(), tokens: record.optional() });

const watching = z.object({ set_user_metadata: userMetadata.optional() });
const changing = watching.extend({ set_user: userFields.optional() });
const granting = watching.extend({ append_user_grants: z.array(userGrant).optional() });

/** Drops absent fields, which would remove the user's fields. */
const given = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** `set_user` replaces the user's fields of the same names. */
const defineChanging = <Payload extends typeof internal>(name: string, payload: Payload) =>
  defineFunction({
    name,
    payload,
    answer: changing,
    apply: ({ user }, answer) => ({
      user: { ...user, ...given(answer?.set_user ?? {}) },
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
