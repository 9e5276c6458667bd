import { z } from 'zod';
import { keyIDPattern, keyIDRule, mostKeys } from '../../target/settings.js';

const source = (value: { readonly pem?: unknown; readonly jwk?: unknown; readonly file?: unknown }): number =>
  [value.pem, value.jwk, value.file].filter((each) => each !== undefined).length;

const declaredKey = z
  .strictObject({
    pem: z.string().min(1).max(8_192).optional().describe('The public key, as PEM.'),
    jwk: z.looseObject({ kty: z.string() }).optional().describe('The public key, as a JSON Web Key.'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('A file with the public key as PEM or JWK, relative to the folder of this file.'),
    expires: z
      .union(
        [z.iso.date(), z.iso.datetime({ offset: true })],
        'a date, as 2030-01-31 or 2030-01-31T08:00:00Z',
      )
      .optional()
      .describe('From this time no payload is encrypted to the key. Default: never.'),
    active: z
      .boolean()
      .optional()
      .describe('Whether payloads are encrypted to this key. Default: false; at most one key of a target.'),
  })
  .refine((key) => source(key) === 1, 'a key has exactly one of pem, jwk and file')
  .refine(
    ({ jwk }) => jwk === undefined || !('d' in jwk),
    'this is a private key: keep it, and give its public half',
  );

/** The public keys of a target, by id. */
export const declaredKeys = z
  .record(z.string().regex(keyIDPattern, keyIDRule), declaredKey)
  .refine((keys) => Object.keys(keys).length <= mostKeys, `a target has ${mostKeys} public keys at the most`)
  .refine(
    (keys) => Object.values(keys).filter(({ active }) => active === true).length <= 1,
    'one key of a target is active at the most',
  )
  .describe(
    'Public keys that jwe payloads are encrypted to, by id. The list replaces all stored keys; without it the stored keys stay.',
  );

export type DeclaredKey = z.output<typeof declaredKey>;
