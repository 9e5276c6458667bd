import { writeFileSync } from 'node:fs';

/**
 * Environment in which a program sends itself a SIGINT as soon as it writes `text`, so that no test depends on its
 * speed. Programs that this program starts are not interrupted.
 *
 * @param file - where the module stands that does this
 */
export function interruptAt(text: string, file: string): Readonly<Record<string, string>> {
  writeFileSync(
    file,
    `const { parentPort } = require('node:worker_threads');
     if (!parentPort && !process.channel)
       for (const stream of [process.stdout, process.stderr]) {
         const write = stream.write;
         let isDone = false;
         stream.write = function (chunk, ...rest) {
           const result = write.call(this, chunk, ...rest);
           if (!isDone && String(chunk).includes(${JSON.stringify(text)})) {
             isDone = true;
             process.kill(process.pid, 'SIGINT');
           }
           return result;
         };
       }`,
  );
  return { NODE_OPTIONS: `--require=${file}` };
}
