import { sqliteEventStore } from '../../../../../src/stores/sqlite/index.js';

/** A process that subscribes and writes a line for each message until its input ends: `follower.ts <file> <prefix>`. */
const [path = '', prefix = ''] = process.argv.slice(2);
const store = sqliteEventStore({ path });
const controller = new AbortController();
process.stdin.on('end', () => {
  controller.abort();
});
process.stdin.resume();

for await (const message of store.subscribe({ prefixes: [prefix], signal: controller.signal })) {
  if ('stream' in message) console.log(`event ${message.stream} ${message.version} ${message.id}`);
  else if ('caughtUp' in message) console.log('caughtUp');
}
await store.close();
