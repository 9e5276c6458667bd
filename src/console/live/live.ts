import type { ServerResponse } from 'node:http';
import type { Actions, KeptCall, MissedCalls } from '../../index.js';
import { onAbort } from '../../lib/onAbort.js';
import type { Clock } from '../../ports.js';
import { startPulse } from '../../zitadel/serving/pulse.js';
import { startFollowing } from '../../zitadel/serving/startFollowing.js';
import { callFilter, logFilter, passes } from '../api/calls.js';
import { takeQuery } from '../api/inputs.js';
import type { Endpoint, Streamed } from '../calls/apiCall.js';
import { problemOf } from '../calls/problems.js';
import { streamHeaders } from '../serving/answers.js';
import type { LiveLine } from '../wire/calls.js';
import { createLines } from './lineWriter.js';
import { createSeats } from './seats.js';

interface LiveOptions {
  readonly actions: Pick<Actions, 'calls'>;
  readonly clock: Clock;
  /** Aborts when the console is closed. */
  readonly closing: AbortSignal;
}

/** Streams calls as they happen. A slow page receives the number of calls that it missed; no call waits for it. */
export function liveEndpoint({ actions, clock, closing }: LiveOptions): Endpoint {
  const seats = createSeats();

  async function stream(call: Streamed): Promise<void> {
    const { instanceID, response, signal, readmit } = call;
    const wanted = takeQuery(call, callFilter);
    const ending = new AbortController();
    const end = () => {
      ending.abort();
    };
    const stop = onAbort(signal, end);
    let stopPulse: (() => void) | undefined;
    const seat = seats.take(instanceID, end);
    try {
      const following = await startFollowing(
        actions.calls.subscribe({ ...logFilter(wanted), signal: ending.signal }),
      );
      const http1 = response as ServerResponse;
      http1.writeHead(200, streamHeaders);
      const lines = createLines(response, clock, ending.signal);
      const beat = (): LiveLine => ({ beat: new Date(clock.now()).toISOString() });
      lines.offer(beat());
      let reason = 'the calls have ended';
      stopPulse = startPulse({
        clock,
        judge: readmit,
        beat: () => lines.offer(beat()),
        end(error) {
          reason = problemOf(error).problem.message;
          end();
        },
      });
      for await (const told of following) if (isWanted(told)) await lines.write(told);
      if (closing.aborted) reason = 'the console was closed';
      if (!http1.destroyed)
        http1.end(`${JSON.stringify({ ended: seat.lost ?? reason } satisfies LiveLine)}\n`);
    } catch (error) {
      if (!response.headersSent) throw error;
      response.destroy();
    } finally {
      stopPulse?.();
      stop();
      seat.release();
      end();
    }

    function isWanted(line: KeptCall | MissedCalls): boolean {
      return 'missed' in line || passes(line, wanted);
    }
  }

  return { method: 'GET', path: 'calls/live', permissions: ['action.execution.read'], stream };
}
