import type { RecordedEvent } from '../../ports.js';
import { before, isAfter, isWholeTransaction, placeOf, positionOf, type LogPlace } from './logPlace.js';
import type { LoggedMessage, MessageTable, StreamPlace } from './messageTable.js';
import { recordedMessage } from './messages.js';
import { NewestTransactions } from './newestTransactions.js';

/**
 * Reads the log in the order of (transaction, global position), with one exception: a message never comes before the
 * earlier messages of its stream. A transaction that began early and appended late has a smaller number than the
 * transactions that appended to the stream in between. Its messages are ordered with the newest transaction before them in
 * the stream, after all messages of that transaction.
 */
export class OrderedLog {
  readonly #table: MessageTable;
  readonly #prefixes: readonly string[] | undefined;
  readonly #newest: NewestTransactions;
  /** Where reading began: some messages that are ordered with this transaction may have been yielded before. */
  readonly #start: LogPlace;
  #read: LogPlace;
  /** The transaction whose messages are being yielded, and those of them that messages of older transactions follow. */
  #transaction: bigint;
  #leads: StreamPlace[] = [];
  #hasLeads: boolean;

  constructor(table: MessageTable, after: bigint, prefixes: readonly string[] | undefined) {
    this.#table = table;
    this.#prefixes = prefixes;
    this.#newest = new NewestTransactions(table);
    this.#start = this.#read = placeOf(after);
    this.#transaction = this.#start.transaction;
    this.#hasLeads = after === 0n || isWholeTransaction(this.#start);
  }

  /** Yields the events of all transactions before `until`. These transactions have ended. */
  async *readTo(until: bigint): AsyncGenerator<RecordedEvent> {
    if (!this.#hasLeads) this.#leads = await this.#leadsAtStart();
    this.#hasLeads = true;
    for (;;) {
      const { messages, isWhole } = await this.#table.log(this.#read, until, this.#prefixes);
      const newest = await this.#newest.before(messages);
      for (const [index, message] of messages.entries()) yield* this.#pass(message, newest[index] ?? 0n);
      if (isWhole) break;
    }
    yield* this.#followers();
    const end = placeOf(before(until));
    if (isAfter(end, this.#read)) this.#read = end;
  }

  async *#pass(message: LoggedMessage, newest: bigint): AsyncGenerator<RecordedEvent> {
    const { transaction, stream, version } = message;
    if (transaction > this.#transaction) {
      yield* this.#followers();
      this.#transaction = transaction;
    }
    this.#read = message;
    // The message is ordered with a newer transaction, and is yielded with it.
    if (newest > transaction) return;
    if (message.next !== undefined && message.next < transaction) this.#leads.push({ stream, version });
    yield recordedMessage(message, positionOf(message));
  }

  /** Yields the messages that older transactions appended after the messages of this transaction. */
  async *#followers(): AsyncGenerator<RecordedEvent> {
    const leads = this.#leads;
    if (leads.length === 0) return;
    const transaction = this.#transaction;
    let { global } = this.#start.transaction === transaction ? this.#start : { global: 0n };
    for (;;) {
      const { messages, isWhole } = await this.#table.followers(leads, { transaction, global });
      for (const message of messages) {
        yield recordedMessage(message, positionOf({ transaction, global: message.global }));
        global = message.global;
      }
      if (isWhole) break;
    }
    this.#leads = [];
  }

  async #leadsAtStart(): Promise<StreamPlace[]> {
    const { transaction } = this.#start;
    const found = await this.#table.leadsUpTo(this.#start);
    const newest = await this.#table.newestBefore(found);
    return found.filter(
      ({ stream }, index) =>
        (newest[index] ?? 0n) <= transaction &&
        (this.#prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true),
    );
  }
}
