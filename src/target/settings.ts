/** How a target is called; {@link TargetType} documents each. */
export const targetTypes = ['webhook', 'requestResponse', 'async'] as const;
export const payloadTypes = ['json', 'jwt', 'jwe'] as const;
export const deliveries = ['inline', 'durable'] as const;
export const enforcements = ['enforce', 'observe'] as const;
export const deliveryOrders = ['stream', 'strict', 'none'] as const;

export const longestTimeoutMs = 270_000;
/** Characters of a target's name; ZITADEL's limit. */
export const longestName = 1_000;
/** Characters of a target's id. */
export const longestTargetID = 200;
/** The form of new ids of targets and public keys: stream names contain the first, the `kid` of payloads the second. */
export const keyIDPattern = /^[A-Za-z0-9._~:-]{1,200}$/;
export const keyIDRule = 'an id has 1 to 200 letters, digits, . _ ~ : or -';
/** The most public keys of a target. Every command reads the whole state of a target, so the limit keeps it small. */
export const mostKeys = 20;
/** Characters of a target's endpoint. */
export const longestEndpoint = 2_048;

/** The settings that may be left out: their values then, of a command or of an event that an older version wrote. */
export const settingDefaults = {
  timeoutMs: 10_000,
  interruptOnError: false,
  payloadType: 'json',
  delivery: 'inline',
  enforcement: 'enforce',
  enforcePercent: 100,
  order: 'stream',
  deliverFrom: 'now',
  paused: false,
} as const;
