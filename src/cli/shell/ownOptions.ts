/** What messages of the library say of its options, and what an operator writes instead. */
const inFlags: readonly (readonly [library: RegExp, flag: string])[] = [
  [/\bnetwork\.allow\b/g, '--allow'],
  [/\binstanceID\b/g, '--instance'],
  [/\bkeyring: createKeyring\(\{ activeKeyID, keys \}\) to createActions\b/g, '--keyring <path>'],
  [/\bkeyring: 'plaintext'/g, '--keyring plaintext'],
  [/\bthe option jwtKeys of createActions\b/g, '--jwt-keys <path>'],
  [/\bcreateActions has no jwtKeys\b/g, 'there is no --jwt-keys'],
  [/\bpass jwtKeys\b/g, 'pass --jwt-keys <path>'],
  [
    /\bwhich this keyring does not hold; add that key to the keyring\b/g,
    'which no file of --keyring holds; give the file that has it with --keyring <path>',
  ],
  // A condition is written as its id, which stands behind its object.
  [/\{ \w{1,20}: \{[^{}]{0,2000}\} \} \(([^()]{1,2000})\)/g, '$1'],
];

/** What messages of the library say of the settings of a target. In files of `apply` settings have the library's names. */
const settingsInFlags: typeof inFlags = [
  [/\bset interruptOnError to false\b/g, 'leave --interrupt-on-error out, or give --no-interrupt-on-error'],
  [/\b(delivery|type|enforcement) '(\w{1,30})'/g, '--$1 $2'],
  [/\benforcePercent\b/g, '--enforce-percent'],
  [/\bdeliverFrom\b/g, '--deliver-from'],
  [/(^|\bleave )order\b/g, '$1--order'],
  [/(^|\bleave )paused\b/g, '$1--pause'],
];

const replaced = (message: string, words: typeof inFlags): string =>
  words.reduce((text, [library, flag]) => text.replace(library, flag), message);

/** A message of the library in which options have the names that they have on the command line. */
export const ownOptions = (message: string): string => replaced(message, inFlags);

/** A message without its `; nothing was called or written`, which goes without saying where nothing was opened. */
export const withoutConsequence = (message: string): string =>
  message.replace(/; nothing was [a-z ]{1,60}(?=$|:)/, '');

/** As {@link ownOptions}, where the settings of a target are flags too. */
export const ownFlags = (message: string): string => replaced(ownOptions(message), settingsInFlags);

/** The message of a judgement: in the words of the target where it refused, otherwise as {@link ownOptions}. */
export const judgementMessage = (
  reason: string | undefined,
  message: string | undefined,
): string | undefined => (reason === 'refused' || message === undefined ? message : ownOptions(message));
