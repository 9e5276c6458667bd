const { appendFileSync } = require('node:fs');
const { reporters } = require('mocha');

/**
 * Mocha's usual report; its totals are a line of the file that MOCHA_TOTALS names, even when the run is cut short, and each failed
 * test is added to the file that MOCHA_FAILURES names: the end of a run of 30 minutes tells what failed in it. Runs side by side
 * share both files.
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
      appendFileSync(
        process.env.MOCHA_TOTALS,
        `${this.stats.passes} passed, ${this.stats.failures} failed\n`,
      );
    });
  }
};
