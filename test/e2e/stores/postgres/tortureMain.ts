/** `npm run torture:postgres -- --seconds N`: ends with status 1 where something was lost, written twice or missed. */
import { Command } from 'commander';
import { torture } from './torture.js';

const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 3_600)
    throw new Error(`${text} is no number from 1 to 3600`);
  return number;
};

const options = new Command('npm run torture:postgres --')
  .option('--seconds <count>', 'how long to append', count, 60)
  .option('--processes <count>', 'how many processes', count, 4)
  .option('--writers <count>', 'writers of each process', count, 4)
  .parse()
  .opts<{ seconds: number; processes: number; writers: number }>();

const figures = await torture(options);
for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(18)}${figure}`);
const { lost, writtenTwice, writtenAfterVeto, conflicts, holes } = figures;
process.exitCode =
  lost + writtenTwice + writtenAfterVeto + conflicts + holes === 0 && figures.acknowledged > 0 ? 0 : 1;
