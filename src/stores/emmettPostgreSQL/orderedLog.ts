import type { RecordedEvent } from '../../ports.js';
import { before, isAfter, isWholeTransaction, placeOf, positionOf, type LogPlace } from './logPlace.js';
import type { LoggedMessage, MessageTable, StreamPlace } from './messageTable.js';
import { recordedMessage } from './messages.js';
import { NewestTransactions } from './newestTransactions.js';

/**
 * Reads the log in the order of (transaction, global position), save that no message comes before those that stand before it
 * in its stream. A transaction that began early and appended late has a smaller number than what others appended meanwhile:
 * its messages count with the newest transaction before them, so they come after all of that one's own.
 */
export class OrderedLog {
  readonly #table: MessageTable;
  readonly #prefixes: readonly string[] | undefined;
  readonly #newest: NewestTransactions;
  /** Where reading began: what counts with its transaction may be told in part. */
  readonly #start: LogPlace;
  #read: LogPlace;
  /** The transaction that is being told, and its messages that others follow. */
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

  /** The events of all transactions before `until`, which are over. */
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
    // It counts with a newer transaction, and is told with that one.
    if (newest > transaction) return;
    if (message.next !== undefined && message.next < transaction) this.#leads.push({ stream, version });
    yield recordedMessage(message, positionOf(message));
  }

  /** What older transactions appended behind the messages of this one. */
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
