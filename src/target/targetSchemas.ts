import { z } from 'zod';
import { isWellFormed } from '../lib/wellFormed.js';

/** How a target is called; {@link TargetType} documents each. */
export const targetTypes = ['webhook', 'requestResponse', 'async'] as const;
const payloadTypes = ['json', 'jwt', 'jwe'] as const;
const deliveries = ['inline', 'durable'] as const;
const enforcements = ['enforce', 'observe'] as const;
const deliveryOrders = ['stream', 'strict', 'none'] as const;

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

const maxTimeoutMs = 270_000;
const defaultTimeoutMs = 10_000;

/** Characters of a target's name; ZITADEL's limit. */
export const longestName = 1_000;

const name = z
  .string()
  .min(1)
  .max(longestName)
  .refine(isWellFormed, 'a name has no half of a surrogate pair, which no store can keep');
const endpoint = z.string().min(1).max(2_048);
const timeoutMs = z.number().positive().max(maxTimeoutMs);
const percent = z.number().min(0).max(100);
/** A position is stored as its decimal digits: JSON numbers are exact up to 2^53 only. */
const position = z.union([
  z
    .bigint()
    .min(0n)
    .max(2n ** 128n - 1n)
    .transform(String),
  z.string().regex(/^[0-9]{1,39}$/, 'a position is a bigint, or its decimal digits'),
]);
const deliverFrom = z.union([z.enum(['now', 'beginning']), position]);
const headerValues = z.record(z.string(), z.string());

/** The input of `targets.add`, strictly: an unknown field is an error. */
export const addTargetInput = z.strictObject({
  name,
  type: z.enum(targetTypes),
  endpoint,
  headers: headerValues.default({}),
  timeoutMs: timeoutMs.default(defaultTimeoutMs),
  interruptOnError: z.boolean().default(false),
  payloadType: z.enum(payloadTypes).default('json'),
  delivery: z.enum(deliveries).default('inline'),
  enforcement: z.enum(enforcements).default('enforce'),
  enforcePercent: percent.default(100),
  order: z.enum(deliveryOrders).default('stream'),
  deliverFrom: deliverFrom.default('now'),
  paused: z.boolean().default(false),
});

/** The input of `targets.change`, strictly. */
export const changeTargetInput = z.strictObject({
  name: name.optional(),
  type: z.enum(targetTypes).optional(),
  endpoint: endpoint.optional(),
  /** `null` keeps the stored value. */
  headers: z.record(z.string(), z.string().nullable()).optional(),
  timeoutMs: timeoutMs.optional(),
  interruptOnError: z.boolean().optional(),
  payloadType: z.enum(payloadTypes).optional(),
  delivery: z.enum(deliveries).optional(),
  enforcement: z.enum(enforcements).optional(),
  enforcePercent: percent.optional(),
  order: z.enum(deliveryOrders).optional(),
  deliverFrom: deliverFrom.optional(),
  paused: z.boolean().optional(),
  /** Draws a new signing key in the same append; the previous keys keep signing for `graceMs` milliseconds. */
  rotateSigningKey: z
    .strictObject({ graceMs: z.number().min(0).max(Number.MAX_SAFE_INTEGER).default(0) })
    .optional(),
});

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

const fields = {
  name: z.string(),
  type: z.enum(targetTypes),
  endpoint: z.string(),
  headers: z.record(z.string(), sealedSecret),
  timeoutMs: z.number(),
  interruptOnError: z.boolean(),
  payloadType: z.enum(payloadTypes),
  delivery: z.enum(deliveries),
  enforcement: z.enum(enforcements),
  enforcePercent: z.number(),
  order: z.enum(deliveryOrders),
  deliverFrom: z.string(),
  paused: z.boolean(),
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
    payloadType: fields.payloadType.default('json'),
    delivery: fields.delivery.default('inline'),
    enforcement: fields.enforcement.default('enforce'),
    enforcePercent: fields.enforcePercent.default(100),
    order: fields.order.default('stream'),
    deliverFrom: fields.deliverFrom.default('now'),
    paused: fields.paused.default(false),
    signingKeys: z.array(signingKey),
  }),
  'target.changed': z.looseObject(fields).partial(),
  'target.removed': z.looseObject({}),
  'target.signingKey.rotated': z.looseObject({ signingKeys: z.array(signingKey) }),
  'target.key.added': publicKey,
  'target.key.activated': keyReference,
  'target.key.deactivated': keyReference,
  'target.key.removed': keyReference,
} as const;
