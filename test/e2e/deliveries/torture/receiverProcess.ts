/** The receiver of a run, in a process of its own: `receiverProcess.ts <seed>`. Requests and answers go over IPC. */
import { drawing } from './drawing.js';
import { startReceiver } from './receiver.js';

const receiver = await startReceiver(drawing(Number(process.argv[2])));
process.send?.({ port: receiver.port });
process.on('message', (asked: 'calm' | 'log') => {
  if (asked === 'calm') receiver.calm();
  else process.send?.({ log: receiver.log });
});
process.on('disconnect', () => process.exit(0));
