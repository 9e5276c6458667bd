import { killWriters } from '../e2e/stores/sqlite/processes/killWriters.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

/**
 * Kills writers of one SQLite file at any moment and counts what is missing: `tsx test/stores/killLoop.ts [kills]`, 200
 * unless given. Ends with exit code 1 where an acknowledged event is lost or anything else is wrong.
 */
const kills = Number(process.argv[2] ?? 200);
if (!Number.isInteger(kills) || kills < 1 || kills > 10_000)
  throw new Error('the number of kills is a whole number from 1 to 10000');
const { file, remove } = temporaryFolder();
const since = performance.now();
try {
  const figures = await killWriters(file('events.db'), kills, {
    onKill: (done) => {
      if (done % 20 === 0) console.error(`${done} of ${kills}`);
    },
  });
  console.log(
    JSON.stringify({ ...figures, seconds: Math.round((performance.now() - since) / 1000) }, null, 2),
  );
  const { lost, writtenTwice, brokenStreams, misdelivered, integrity } = figures;
  if (lost + writtenTwice + brokenStreams + misdelivered > 0 || integrity !== 'ok') process.exitCode = 1;
} finally {
  remove();
}
