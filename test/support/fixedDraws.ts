import fc from 'fast-check';

/**
 * The seed of every property test of a run of Mocha: a change is not refused for a value that was drawn by chance.
 * `npm run fuzz` draws other values, and many more.
 */
const seed = 20_261;

fc.configureGlobal({ seed });
