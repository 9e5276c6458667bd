import type { RootHookObject } from 'mocha';

/** How long everything that was opened may take to close after the last test. */
const graceMs = 5_000;

/**
 * Mocha does not end the process: a handle that a test left open would keep the run hanging. This ends it instead, as a
 * failure, and names what is still open.
 */
export const mochaHooks: RootHookObject = {
  afterAll() {
    setTimeout(() => {
      const open = process
        .getActiveResourcesInfo()
        .filter((name) => name !== 'TTYWrap' && name !== 'PipeWrap');
      process.stderr.write(`\nThe tests left handles open: ${open.join(', ')}\n`);
      // Mocha sets the exit code when the process exits; a later listener has the last word.
      process.on('exit', () => {
        process.exitCode = 1;
      });
      process.exit(1);
    }, graceMs).unref();
  },
};

process.on('unhandledRejection', (reason) => {
  throw reason;
});
