/**
 * `npm run demo`: what `npx eventstore-actions demo` does, in a clone that is not built. Its code is in src/cli/demo, its
 * events are in githubWebhooks.json.br beside this file.
 */
// eslint-disable-next-line no-restricted-imports -- the program itself, which users have as a command
import { run } from '../../../src/cli/run.js';

process.exitCode = await run(['demo', ...process.argv.slice(2)], process);
