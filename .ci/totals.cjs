const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Mocha's usual report; its totals also go to the file that MOCHA_TOTALS names, even when the run is cut short. */
module.exports = class Totals extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    process.on('exit', () => {
      writeFileSync(process.env.MOCHA_TOTALS, `${this.stats.passes} passed, ${this.stats.failures} failed\n`);
    });
  }
};
