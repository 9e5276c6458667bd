import { once } from 'node:events';
import { startFromCommandLine } from './commandLine.js';

const doubles = await startFromCommandLine(process.argv.slice(2));
const [leader, ...followers] = doubles;
process.stdout.write(`${followers.length > 0 ? leader.clusterConnectionString : leader.connectionString}\n`);
process.on('SIGHUP', () => {
  for (const double of doubles) void double.restart();
});
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await Promise.all(doubles.map((double) => double.close()));
