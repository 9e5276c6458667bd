const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** What the runs before have written to the file; nothing before the first one. */
const before = (file) =>
  (/^(\d+) passed, (\d+) failed/.exec(readFileSync(file, 'utf8')) ?? [0, 0, 0]).map(Number);

/**
 * Mocha's usual report; its totals are added to those in the file that MOCHA_TOTALS names, even when the run is cut short, and
 * each failed test to the file that MOCHA_FAILURES names: the end of a run of 30 minutes tells what failed in it.
 */
module.exports = class Totals extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = process.env.MOCHA_FAILURES;
    if (failures !== undefined)
      runner.on('fail', (test, error) => {
        appendFileSync(failures, `${test.fullTitle()}\n  ${error.message}\n`);
      });
    process.on('exit', () => {
      const [, passed, failed] = before(process.env.MOCHA_TOTALS);
      writeFileSync(
        process.env.MOCHA_TOTALS,
        `${passed + this.stats.passes} passed, ${failed + this.stats.failures} failed\n`,
      );
    });
  }
};
