import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startDouble } from './startDouble.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const double = await startDouble({ port: Number(values.port) });
process.stdout.write(`${double.connectionString}\n`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await double.close();
