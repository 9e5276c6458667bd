import { appendingRules } from './contract/appending.js';
import { type ContractOptions, newScene, type Rule, type StoreUnderTest } from './contract/harness.js';
import { followingRules, severalHandlesRules } from './contract/following.js';
import { keepingRules } from './contract/keeping.js';
import { runnerOf } from './contract/globalRunner.js';
import { readingRules } from './contract/readingStreams.js';
import { recordedRules } from './contract/recorded.js';
import { refusingRules } from './contract/refusing.js';
import { subscribingRules } from './contract/subscribing.js';
import { InvalidArgumentError } from '../errors.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';

const optionNames: OptionNames<ContractOptions> = { severalHandles: true, patienceMs: true, runner: true };

function requireSetting(isRight: boolean, problem: string): void {
  if (!isRight) throw new InvalidArgumentError(problem);
}

/**
 * Defines the tests that every {@link EventStore} passes: ours, an adapter of yours, a test double. Runs in mocha, jest
 * and vitest (with `globals`, or with `runner: { describe, it }`).
 *
 * ```ts
 * eventStoreContract('my store', () => ({ store: myEventStore() }));
 * ```
 *
 * The store may hold other events, and other writers may append meanwhile: every test uses its own stream names and
 * compares only these streams. Versions count from `0n` by one; positions only have to grow. Each test opens the
 * store and closes it. With `severalHandles`, the suite also tests that one handle delivers the appends of another.
 *
 * @param name - the title of the tests
 * @param open - opens the store for one test
 * @throws {@link InvalidArgumentError} for a wrong argument, before any test is defined
 */
export function eventStoreContract(
  name: string,
  open: () => StoreUnderTest | Promise<StoreUnderTest>,
  options: ContractOptions = {},
): void {
  const suite = 'eventStoreContract';
  const { severalHandles = false, patienceMs = 10_000, runner } = readOptions(options, optionNames, suite);
  const { describe, it } = runnerOf({ suite, name, open, runner });
  requireSetting(typeof severalHandles === 'boolean', 'severalHandles is true or false');
  requireSetting(typeof patienceMs === 'number' && patienceMs > 0, 'patienceMs is a number above 0');
  const rule: Rule = (title, test) => {
    it(title, async () => {
      const { scene, end } = newScene(await open(), patienceMs);
      try {
        await test(scene);
      } finally {
        await end();
      }
    });
  };
  const chapters = {
    appending(rule: Rule) {
      appendingRules(rule);
      keepingRules(rule);
    },
    'refusing bad input': refusingRules,
    reading: readingRules,
    subscribing(rule: Rule) {
      subscribingRules(rule);
      followingRules(rule);
    },
    'recorded answers': recordedRules,
    ...(severalHandles && { 'several handles': severalHandlesRules }),
  };
  describe(`${name} as an event store`, () => {
    for (const [title, rules] of Object.entries(chapters))
      describe(title, () => {
        rules(rule);
      });
  });
}
