import { z } from 'zod';
import { isWellFormed } from '../lib/json/wellFormed.js';
import { hasSeen } from '../lib/shown/unseen.js';
import {
  deliveries,
  deliveryOrders,
  enforcements,
  longestEndpoint,
  longestName,
  longestTimeoutMs,
  payloadTypes,
  settingDefaults,
  targetTypes,
} from './settings.js';

/**
 * - `webhook`: the operation waits; the status decides, the body is only read for a verdict
 * - `requestResponse`: the operation waits; status and body count, the body replaces the content
 * - `async`: runs beside the operation, which neither waits for it nor fails
 */
export type TargetType = (typeof targetTypes)[number];
/** How a payload is sent: as JSON, signed as a JWS, or signed and encrypted as a JWE. */
export type PayloadType = (typeof payloadTypes)[number];
/** Whether an async target is called with the operation (`inline`), or after the commit until it answers (`durable`). */
export type Delivery = (typeof deliveries)[number];
/**
 * - `stream`: an event of a stream is sent once the event before it was answered 2xx, or became a dead letter
 * - `strict`: a dead letter blocks its stream until it is replayed or discarded
 * - `none`: events are sent independently of each other
 */
export type DeliveryOrder = (typeof deliveryOrders)[number];
/** Whether a target's answers are applied, or only recorded. */
export type Enforcement = (typeof enforcements)[number];

const name = z
  .string()
  .min(1)
  .max(longestName)
  .refine(isWellFormed, 'a name has no half of a surrogate pair, which no store can keep')
  .refine(hasSeen, 'a name has at least one character that can be seen');
const endpoint = z.string().min(1).max(longestEndpoint);
/** A position is stored as its decimal digits: JSON numbers are exact up to 2^53 only. */
const position = z.union([
  z
    .bigint()
    .min(0n)
    .max(2n ** 128n - 1n)
    .transform(String),
  z.string().regex(/^[0-9]{1,39}$/, 'a position is a bigint, or its decimal digits'),
]);

/** The settings that may be left out. */
const settings = {
  timeoutMs: z.number().positive().max(longestTimeoutMs),
  interruptOnError: z.boolean(),
  payloadType: z.enum(payloadTypes),
  delivery: z.enum(deliveries),
  enforcement: z.enum(enforcements),
  enforcePercent: z.number().min(0).max(100),
  order: z.enum(deliveryOrders),
  deliverFrom: z.union([z.enum(['now', 'beginning']), position], {
    error: "must be 'now', 'beginning' or a position: a bigint of at least 0n, or its decimal digits",
  }),
  paused: z.boolean(),
};

type Defaulted<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends z.ZodType ? z.ZodDefault<Fields[Name]> : never;
};

/** A default that its own setting does not allow does not compile. */
const defaults: { readonly [Name in keyof typeof settings]: z.output<(typeof settings)[Name]> } =
  settingDefaults;

const withDefaults = <Fields extends Readonly<Record<keyof typeof settings, z.ZodType>>>(fields: Fields) =>
  Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      fields[name as keyof typeof settings].default(value),
    ]),
  ) as Defaulted<Fields>;

/** The input of `targets.add`, strictly: an unknown field is an error. */
export const addTargetInput = z.strictObject({
  name,
  type: z.enum(targetTypes),
  endpoint,
  headers: z.record(z.string(), z.string()).default({}),
  ...withDefaults(settings),
});

/** The input of `targets.change`, strictly. */
export const changeTargetInput = z
  .strictObject({
    name,
    type: z.enum(targetTypes),
    endpoint,
    /** `null` keeps the stored value. */
    headers: z.record(z.string(), z.string().nullable()),
    ...settings,
    /** Draws a new signing key in the same append; the previous keys keep signing for `graceMs` milliseconds. */
    rotateSigningKey: z.strictObject({
      graceMs: z.number().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
    }),
  })
  .partial();

const sealedSecret = z.looseObject({
  algorithm: z.enum(['aes-256-gcm', 'plaintext']),
  keyID: z.string().optional(),
  value: z.string(),
});

const signingKey = z.looseObject({
  key: sealedSecret,
  /** Milliseconds since the epoch after which this key no longer signs; absent for the current key. */
  until: z.number().optional(),
});

/** Stored settings: a bound holds for commands, so that a later version may narrow it. */
const stored = { ...settings, timeoutMs: z.number(), enforcePercent: z.number(), deliverFrom: z.string() };
const fields = {
  name: z.string(),
  type: z.enum(targetTypes),
  endpoint: z.string(),
  headers: z.record(z.string(), sealedSecret),
};

const publicKey = z.looseObject({
  keyID: z.string(),
  publicKey: z.string(),
  fingerprint: z.string(),
  algorithm: z.string(),
  expiresAt: z.number().optional(),
});

const keyReference = z.looseObject({ keyID: z.string() });

/** Stored data of each event type, leniently: unknown keys are kept, fields of later versions have defaults. */
export const targetEventData = {
  'target.added': z.looseObject({
    ...fields,
    headers: fields.headers.default({}),
    ...withDefaults(stored),
    // Every version has written these two.
    timeoutMs: stored.timeoutMs,
    interruptOnError: stored.interruptOnError,
    signingKeys: z.array(signingKey),
  }),
  'target.changed': z.looseObject({ ...fields, ...stored }).partial(),
  'target.removed': z.looseObject({}),
  'target.signingKey.rotated': z.looseObject({ signingKeys: z.array(signingKey) }),
  'target.key.added': publicKey,
  'target.key.activated': keyReference,
  'target.key.deactivated': keyReference,
  'target.key.removed': keyReference,
} as const;
