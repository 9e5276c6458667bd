import { performance } from 'node:perf_hooks';
import type { Terminal } from './terminal.js';

/** The progress of long work. */
interface Done {
  readonly count: number;
  /** The completed share, 0 to 1, where it is known. */
  readonly share?: number | undefined;
}

interface Progress {
  tell(done: Done): void;
  /** Prints the last state and a new line. `isDone` says that the work is complete. */
  end(isDone: boolean): void;
}

const barWidth = 24;
const drawEveryMs = 100;
const lineEveryMs = 1_000;

const rounded = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function timeLeft(share: number, elapsedMs: number): string {
  if (share <= 0 || share >= 1 || elapsedMs < 500) return '';
  const seconds = Math.ceil((elapsedMs * (1 / share - 1)) / 1_000);
  return seconds < 60 ? `, ${seconds} s left` : `, ${Math.ceil(seconds / 60)} min left`;
}

/** Shows a bar on a terminal and a plain line each second elsewhere; nothing with `--json`. */
export function createProgress(
  { stderr }: Pick<Terminal, 'stderr'>,
  { unit, silent, now = () => performance.now() }: { unit: string; silent: boolean; now?: () => number },
): Progress {
  const startedAt = now();
  const isLive = stderr.isTTY === true;
  let toldAt = isLive ? -Infinity : startedAt;
  let last: Done = { count: 0 };

  function text({ count, share }: Done): string {
    const elapsedMs = now() - startedAt;
    const rate = elapsedMs === 0 ? 0 : (count / elapsedMs) * 1_000;
    const counted = `${rounded.format(count)} ${unit}, ${rounded.format(rate)}/s`;
    if (share === undefined) return counted;
    const known = Math.min(1, Math.max(0, share));
    const filled = Math.round(known * barWidth);
    const bar = isLive ? `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ` : '';
    return `${bar}${Math.floor(known * 100)} %, ${counted}${timeLeft(known, elapsedMs)}`;
  }

  const draw = (done: Done) => {
    toldAt = now();
    stderr.write(isLive ? `\r\u001b[2K${text(done)}` : `${text(done)}\n`);
  };

  return {
    tell(done) {
      last = done;
      if (!silent && now() - toldAt >= (isLive ? drawEveryMs : lineEveryMs)) draw(done);
    },
    end(isDone) {
      if (silent) return;
      draw(isDone && last.share !== undefined ? { ...last, share: 1 } : last);
      if (isLive) stderr.write('\n');
    },
  };
}
