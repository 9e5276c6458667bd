import type { GoAnswer } from './goAnswer.js';

export const json = (value: unknown): string => JSON.stringify(value);
export const after = json({ content: 'after' });
export const claims = [{ key: 'team', value: 'analysis' }];
export const verdict = (forwardedStatusCode: number, forwardedErrorMessage?: string): GoAnswer => ({
  body: json({ forwardedStatusCode, forwardedErrorMessage }),
});
