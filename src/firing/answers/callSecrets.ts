import { endpointSecrets } from './endpointSecrets.js';

/** The headers with which a reader could send the same call in the name of this system. */
export const signatureNames: ReadonlySet<string> = new Set(['zitadel-signature', 'webhook-signature']);

/** A call as it was sent. */
interface SentCall {
  readonly endpoint: string;
  /** All headers that this package makes. */
  readonly headers: Readonly<Record<string, string>>;
  /** The target's own header values. */
  readonly headerValues: readonly string[];
  /** The body where it is signed or encrypted as a whole. */
  readonly token?: string;
}

/** Each signature, with and without the name of its scheme. */
const signatureSecrets = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    signatureNames.has(name)
      ? [value, ...value.split(/[ ,]/).flatMap((part) => [part, part.replace(/^v1=/, '')])]
      : [],
  );

/** The values of a call that a target may repeat and that no reader of its answer may see. */
export const callSecrets = ({ endpoint, headers, headerValues, token }: SentCall): readonly string[] => [
  ...headerValues,
  ...endpointSecrets(endpoint),
  ...signatureSecrets(headers),
  ...(token === undefined ? [] : [token]),
];
