import { expect } from 'chai';

/** Expects `count` messages, each the very object that stands at its place in `others`. */
export function expectSame(messages: readonly unknown[], others: readonly unknown[], count: number): void {
  expect(messages.length).to.equal(count);
  expect(others.length).to.equal(count);
  for (const [place, message] of messages.entries())
    expect(message === others[place], `message ${place}`).to.equal(true);
}
