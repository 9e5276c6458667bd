import { writeFileSync } from 'node:fs';

/**
 * Environment in which a program interrupts itself, by a real SIGINT, as soon as it writes `text`: no test has to be quick
 * enough for that. The program that a program starts is left alone.
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
