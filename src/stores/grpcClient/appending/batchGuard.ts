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
  /** The time of the last reply on this stream; `undefined` before the first reply. */
  answeredAt: number | undefined;
  /** Whether the stream ended or failed. */
  dead: boolean;
  /** The time from which the client no longer uses the stream for appends. */
  retiredAt: number | undefined;
}

/**
 * Keeps a failure of one client's shared batch stream from ending the process or blocking every later append. All users of
 * a client share this stream, so a client has one guard however often it is wrapped.
 */
class BatchGuard {
  /** Replies to appends that had been given up; without the guard each of them ends the process. */
  lateReplies = 0;
  /** The client's deadline for an append without its own. Milliseconds. */
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
    // The client adds a stream to this set before it writes to the stream, so the guard sees every reply.
    streams.add = (stream) => {
      this.#watch(stream);
      return add(stream);
    };
    streams.forEach((stream) => {
      this.#watch(stream);
    });
  }

  /**
   * Registers an append. Calls `fail` where the append has no answer after `limitMs`, or where its batch stream ends
   * without one.
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

  /** Whether `error` closed the only batch stream of this client before the server replied on it. */
  refusedAtOnce(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.#refusedAtOnce.has(error);
  }

  /**
   * Handles an append whose answer is overdue. Where the server has replied to other appends since, only this reply is
   * lost. Otherwise the guard gives up the stream and the connection, so that the next append opens new ones.
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
      // Only for the only stream: the client also passes the error to appends on older streams.
      if (watched.answeredAt === undefined && this.#watched.size === 1) this.#refusedAtOnce.add(error);
      this.#retire(watched);
    });
    stream.on('end', () => {
      if (watched.dead) return;
      this.#watched.delete(stream);
      watched.dead = true;
      // The server ended the stream without an error: the client would wait forever for its own half to end.
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
          // The client finds the append by the reply's id, and throws for an append that it has already rejected.
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
      // An append that took the cached stream just before the stream ended would wait forever for its answer.
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
  // The key is the set of streams: a wrapped client is another object and shares this set.
  const streams = openStreamsOf(client);
  let guard = guards.get(streams);
  if (guard === undefined) guards.set(streams, (guard = new BatchGuard(client, clock)));
  return guard;
}
