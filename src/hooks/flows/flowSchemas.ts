import { z } from 'zod';

/** A field of an answer that may be absent, for which targets written in Go answer `null`. */
export const absentable = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

/** An object of the host, sent unchanged. */
export const record = z.record(z.string(), z.json());

/** Metadata of a user that the host is to store: the value is base64, as ZITADEL's Actions send it. */
export const userMetadata = z.array(z.object({ key: z.string().min(1), value: z.base64() }));
export type UserMetadata = z.output<typeof userMetadata>;

/** What ZITADEL's Actions tell of a user, an organisation and the user's grants in the functions of tokens. */
export const tokenSubject = {
  user: record.optional(),
  user_metadata: z.array(record).optional(),
  org: record.optional(),
  user_grants: z.array(record).optional(),
  application: record.optional(),
};
