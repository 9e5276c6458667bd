import { createProgress } from '../shell/progress.js';
import type { Session } from '../session/commandSession.js';
import { shareRead } from '../shell/shareRead.js';
import type { Ending } from './tallying/backtestReport.js';

const tellEveryMs = 1_000;

/** Runs work under a progress bar, which also moves while a call is slow. */
export async function withProgress(
  session: Session,
  { head, silent }: { readonly head: bigint | undefined; readonly silent: boolean },
  work: (onRead: (position: bigint) => void, onEvent: () => void) => Promise<Ending>,
): Promise<Ending> {
  const progress = createProgress(session.terminal, { unit: 'events', silent });
  let events = 0;
  let read = 0n;
  const tell = () => {
    progress.tell({ count: events, share: shareRead(read, head) });
  };
  const timer = setInterval(tell, tellEveryMs);
  let isDone = false;
  try {
    const ending = await work(
      (position) => {
        read = position;
        tell();
      },
      () => (events += 1),
    );
    isDone = ending.kind === 'complete';
    return ending;
  } finally {
    clearInterval(timer);
    progress.end(isDone);
  }
}
