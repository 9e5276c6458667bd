import { silenceOf } from '../client/noAnswer.js';
import { reportRejection } from '../../../lib/ignoredError.js';
import type { Clock } from '../../../ports.js';
import {
  defaultDeadlineOf,
  forgetConnection,
  isBatchStream,
  openStreamsOf,
  type GRPCStream,
} from '../client/clientInternals.js';
import { UnansweredAppends, type UnansweredAppend } from './unansweredAppends.js';

interface WatchedStream {
  readonly stream: GRPCStream;
  /** When its last answer came; `undefined` before the first one. */
  answeredAt: number | undefined;
  /** Whether it ended or failed. */
  dead: boolean;
  /** Since when the client no longer hands it to appends. */
  retiredAt: number | undefined;
}

/**
 * Keeps one client's shared batch stream from taking the process, or every later append, down with it. The stream carries
 * the appends of everybody who uses the client, so there is one guard a client however often it is wrapped.
 */
class BatchGuard {
  /** Replies that came after their append had been given up; without the guard each ends the process. */
  lateReplies = 0;
  /** How long the client lets an append take where the call does not say so. Milliseconds. */
  readonly defaultDeadlineMs: number;
  readonly #client: object;
  readonly #clock: Clock;
  readonly #pending: UnansweredAppends;
  readonly #watched = new Map<unknown, WatchedStream>();
  readonly #refusedAtOnce = new WeakSet<object>();

  constructor(client: object, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
    this.#pending = new UnansweredAppends(clock);
    this.defaultDeadlineMs = defaultDeadlineOf(client);
    const streams = openStreamsOf(client);
    const add = streams.add.bind(streams);
    // A stream enters this set before anything is written to it: from here on no reply passes by the guard.
    streams.add = (stream) => {
      this.#watch(stream);
      return add(stream);
    };
    streams.forEach((stream) => {
      this.#watch(stream);
    });
  }

  /**
   * Notes an append; `fail` is called where it has had no answer for `limitMs`, and where its batch stream dies without one.
   */
  enter(limitMs: number, usesBatch: boolean, fail: (reason: string) => void): UnansweredAppend {
    const since = this.#clock.elapsed();
    const overdue = () => {
      reportRejection('the end of a silent connection', this.#recover(append));
      fail(silenceOf(limitMs));
    };
    const append: UnansweredAppend = { since, dueAt: since + limitMs, usesBatch, slot: -1, overdue, fail };
    this.#pending.add(append);
    return append;
  }

  leave(append: UnansweredAppend): void {
    this.#pending.delete(append);
  }

  /** Whether `error` closed the one batch stream of this client before the server had answered anything on it. */
  refusedAtOnce(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.#refusedAtOnce.has(error);
  }

  /**
   * Called when an append has been without an answer for too long. Where its stream has answered others since, only that
   * reply is lost. Otherwise the stream is given up, and the connection with it, so that the next append starts again.
   */
  async #recover(append: UnansweredAppend): Promise<void> {
    const open = [...this.#watched.values()];
    if (open.some(({ answeredAt }) => answeredAt !== undefined && answeredAt > append.since)) return;
    for (const watched of open) this.#abandon(watched);
    await forgetConnection(this.#client);
  }

  #watch(stream: unknown): void {
    if (!isBatchStream(stream) || this.#watched.has(stream)) return;
    const watched: WatchedStream = { stream, answeredAt: undefined, dead: false, retiredAt: undefined };
    this.#watched.set(stream, watched);
    this.#guardReplies(watched);
    this.#guardWrites(watched);
    stream.on('error', (error: Error) => {
      // Only where it is the only one: the client passes the error to appends on older streams as well.
      if (watched.answeredAt === undefined && this.#watched.size === 1) this.#refusedAtOnce.add(error);
      this.#retire(watched);
    });
    stream.on('end', () => {
      if (watched.dead) return;
      this.#watched.delete(stream);
      watched.dead = true;
      // Ended without an error: the client would wait for its own half to end, forever.
      stream.end();
      this.#failPending(this.#clock.elapsed(), 'the server ended the batch stream');
    });
    stream.on('finish', () => {
      this.#retire(watched);
    });
  }

  #retire(watched: WatchedStream): void {
    this.#watched.delete(watched.stream);
    watched.dead = true;
    watched.retiredAt ??= this.#clock.elapsed();
  }

  #guardReplies(watched: WatchedStream): void {
    const { stream } = watched;
    for (const listener of stream.listeners('data') as ((reply: unknown) => void)[]) {
      stream.on('data', (reply: unknown) => {
        watched.answeredAt = this.#clock.elapsed();
        try {
          listener(reply);
        } catch {
          // The client looks the append up by the reply's id and fails over one it has already rejected.
          this.lateReplies += 1;
        }
      });
      stream.removeListener('data', listener);
    }
  }

  #guardWrites(watched: WatchedStream): void {
    const { stream } = watched;
    const write = stream.write.bind(stream);
    stream.write = (message, ...rest) => {
      // An append that took the cached stream just before it died would wait for its answer forever.
      if (watched.dead) {
        const until = watched.retiredAt ?? this.#clock.elapsed();
        this.#failPending(until, 'the batch stream had ended before it was written to');
        return true;
      }
      return write(message, ...rest);
    };
  }

  #abandon({ stream }: WatchedStream): void {
    this.#watched.delete(stream);
    // An error event would reject the pending appends of every client of the process.
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
    stream.destroy();
    stream.cancel();
    this.#failPending(this.#clock.elapsed(), 'the batch stream was silent and has been given up');
  }

  #failPending(until: number, reason: string): void {
    for (const append of [...this.#pending]) {
      if (!append.usesBatch || append.since > until) continue;
      this.#pending.delete(append);
      append.fail(reason);
    }
  }
}

const guards = new WeakMap<Set<unknown>, BatchGuard>();

/** The guard of this client, installed at the first call. */
export function batchGuardOf(client: object, clock: Clock): BatchGuard {
  // By the set of streams, not by the client: a wrapped client has another identity and the same streams.
  const streams = openStreamsOf(client);
  let guard = guards.get(streams);
  if (guard === undefined) guards.set(streams, (guard = new BatchGuard(client, clock)));
  return guard;
}
