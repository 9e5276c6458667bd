/** What messages of the library say of its options, and what an operator writes instead. */
const inFlags: readonly (readonly [library: RegExp, flag: string])[] = [
  [/\bnetwork\.allow\b/g, '--allow'],
  [/\binstanceID\b/g, '--instance'],
  [/\bkeyring: createKeyring\(\{ activeKeyID, keys \}\) to createActions\b/g, '--keyring <path>'],
  [/\bkeyring: 'plaintext'/g, '--keyring plaintext'],
  [/\bthe option jwtKeys of createActions\b/g, '--jwt-keys <path>'],
  [/\bcreateActions has no jwtKeys\b/g, 'there is no --jwt-keys'],
  [/\bpass jwtKeys\b/g, 'pass --jwt-keys <path>'],
];

/** A message of the library in which options have the names that they have on the command line. */
export const ownOptions = (message: string): string =>
  inFlags.reduce((text, [library, flag]) => text.replace(library, flag), message);

/** The message of a judgement: in the words of the target where it refused, otherwise as {@link ownOptions}. */
export const judgementMessage = (
  reason: string | undefined,
  message: string | undefined,
): string | undefined => (reason === 'refused' || message === undefined ? message : ownOptions(message));
