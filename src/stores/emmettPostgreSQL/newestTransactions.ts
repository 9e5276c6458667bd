import { forgetOldest } from '../../lib/forgetOldest.js';
import type { MessageTable, StreamPlace } from './messageTable.js';
import type { Message } from './messages.js';

/** The most streams that are remembered between pages; for other streams the table is queried. */
const mostStreams = 4_096;

interface Known {
  /** The last message of the stream that was read, and the newest transaction up to this message. */
  readonly version: bigint;
  readonly newest: bigint;
}

/**
 * Finds, for each message, the newest transaction of the messages before it in its stream. A transaction that began early
 * and appended late has a smaller number than the messages in front of its own; those messages still come first.
 */
export class NewestTransactions {
  readonly #table: MessageTable;
  readonly #streams = new Map<string, Known>();

  constructor(table: MessageTable) {
    this.#table = table;
  }

  /** Takes messages in the order of the log. Returns for each one the newest transaction before it in its stream. */
  async before(messages: readonly Message[]): Promise<readonly bigint[]> {
    const asked = new Map<Message, StreamPlace>();
    const passed = new Map<string, bigint>();
    for (const message of messages) {
      const { stream, version } = message;
      const last = passed.get(stream) ?? this.#streams.get(stream)?.version;
      if (version > 1n && last !== version - 1n) asked.set(message, { stream, version });
      if (last === undefined || last < version) passed.set(stream, version);
    }
    const answers = asked.size === 0 ? [] : await this.#table.newestBefore([...asked.values()]);
    const told = new Map([...asked.keys()].map((message, place) => [message, answers[place] ?? 0n]));
    const newest = messages.map((message) => this.#pass(message, told.get(message)));
    forgetOldest(this.#streams, mostStreams);
    return newest;
  }

  #pass({ stream, version, transaction }: Message, told: bigint | undefined): bigint {
    const known = this.#streams.get(stream);
    const newest = told ?? (version === 1n ? 0n : (known?.newest ?? 0n));
    if (known === undefined || known.version < version) {
      this.#streams.delete(stream);
      this.#streams.set(stream, { version, newest: newest > transaction ? newest : transaction });
    }
    return newest;
  }
}
