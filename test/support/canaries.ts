import { expect } from 'chai';
import { inspect } from 'node:util';

/** Every text that a log of the value could contain. */
function written(thing: unknown): string {
  const seen = inspect(thing, {
    depth: Infinity,
    showHidden: true,
    getters: true,
    maxStringLength: Infinity,
  });
  const json = JSON.stringify(thing, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const { message, stack, cause } = thing as { message?: string; stack?: string; cause?: unknown };
  return [seen, json, message, stack, inspect(cause, { depth: Infinity, showHidden: true })].join('\n');
}

/** Expects that no text of a value contains a secret. */
export function expectNoSecret(things: readonly unknown[], secrets: readonly string[]): void {
  expect(things).not.to.have.length(0);
  for (const thing of things)
    for (const secret of secrets)
      expect(written(thing).includes(secret), `${secret} in ${written(thing)}`).to.equal(false);
}

/** The keys in every spelling. */
export const spellings = (signingKey: string): readonly string[] => {
  const bytes = Buffer.from(signingKey.slice('whsec_'.length), 'base64');
  return [
    signingKey,
    signingKey.slice('whsec_'.length),
    bytes.toString('hex'),
    bytes.toString('base64url'),
    inspect(bytes),
  ];
};
