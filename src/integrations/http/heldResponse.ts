import type { ServerResponse } from 'node:http';
import { keepDrainListeners } from './drainListeners.js';
import { watchPipes, type PipedIn } from './pipedIn.js';
import { disconnectedCopy, putSentFace } from './sentFace.js';
import { createLateDestroy, type LateDestroy } from './lateDestroy.js';
import type { HoldingRules } from './holdingRules.js';
import { LateSend } from './lateSend.js';
import { callbackOf, copied, withoutCallback } from './sentArguments.js';

const sending = ['writeHead', 'flushHeaders', 'write', 'end'] as const;
type Sending = (typeof sending)[number];
type Method = (...sent: unknown[]) => unknown;
/** Node's internal methods that every way of sending uses, below the public methods of the response. */
const below = ['_implicitHeader', '_storeHeader', '_send'] as const;

interface HeldSend {
  readonly name: Sending | 'addTrailers';
  readonly sent: readonly unknown[];
}

/**
 * Holds a response before its first byte until it is passed on, or dropped for another answer. To its handler, and to
 * middleware that overrode its methods, a held response looks sent: `headersSent` is true, headers cannot be set, `write`
 * returns and throws like Node's own, `drain` wakes writers. No byte of it has been sent.
 *
 * Methods that middleware overrides stay overridden; after the response passed, every method is the original one again.
 */
export class HeldResponse {
  readonly #response: ServerResponse;
  readonly #rules: HoldingRules;
  readonly #real: Readonly<Record<Sending | 'addTrailers', Method>>;
  readonly #pipes: PipedIn;
  #state: 'open' | 'held' | 'passed' | 'answered' | 'dropped' = 'open';
  #held: HeldSend[] = [];
  #copy: ServerResponse | undefined;
  #takeFaceOff: (() => void) | undefined;
  #lateDestroy: LateDestroy | undefined;
  #lateSend: LateSend | undefined;
  #isWriterWaiting = false;

  constructor(response: ServerResponse, rules: HoldingRules) {
    this.#response = response;
    this.#rules = rules;
    const methods = response as unknown as Record<Sending | 'addTrailers', Method>;
    const bound = (name: Sending | 'addTrailers'): Method => methods[name].bind(response);
    this.#real = {
      writeHead: bound('writeHead'),
      flushHeaders: bound('flushHeaders'),
      write: bound('write'),
      end: bound('end'),
      addTrailers: bound('addTrailers'),
    };
    // Exempt the listeners of this library from Node's warning of a leak.
    const limit = response.getMaxListeners();
    if (limit > 0) response.setMaxListeners(limit + 3);
    keepDrainListeners(response);
    this.#pipes = watchPipes(response);
    for (const name of sending) methods[name] = (...sent) => this.#send(name, sent);
    if ('writeHeader' in response) Object.assign(response, { writeHeader: methods.writeHead });
    this.#guardBelow(response as unknown as Record<(typeof below)[number], Method>);
    methods.addTrailers = (...sent) => this.#send('addTrailers', sent);
    // Suppress interim responses, which would be sent before the verdict.
    response.writeEarlyHints = (_hints, callback) => {
      if (callback) process.nextTick(callback);
    };
  }

  /**
   * Methods of the prototype that are called on the response would bypass the methods above: make them throw at the call,
   * before anything is sent.
   */
  #guardBelow(methods: Record<(typeof below)[number], Method>): void {
    for (const name of below) {
      const method = methods[name].bind(this.#response);
      methods[name] = (...sent) => {
        this.#requireJudged();
        return method(...sent);
      };
    }
  }

  #requireJudged(): void {
    if (this.#state === 'open' && !this.#rules.isHeld(this.#response.statusCode)) this.#state = 'passed';
    if (this.#state === 'open' || this.#state === 'held' || this.#lateSend?.isHandler)
      throw new Error(
        'this response is held until its targets have answered and its answer is sent: send it by its own methods, not by those of the prototype; nothing was sent',
      );
  }

  get isHeld(): boolean {
    return this.#state === 'held';
  }

  /** Holds the response for a framework that has the whole response and sends it itself after the verdict. */
  holdWhole(status: number): void {
    const copy = this.#begin();
    copy.statusCode = status;
    copy.end();
  }

  /** Lets the response pass without holding it. */
  release(): void {
    if (this.#state === 'open') this.#state = 'passed';
  }

  /** Sends the held response, or the one of `instead`, and all later writes. */
  pass(instead?: (end: Method) => void): void {
    if (this.#state !== 'held') return;
    const { statusCode, statusMessage } = this.#response;
    const frozen = this.#copy as ServerResponse;
    const held = this.#lift('passed');
    this.#setStatus(frozen.statusCode, frozen.statusMessage);
    let isFull = false as boolean;
    const send = () => {
      if (instead) instead(this.#real.end);
      else
        for (const each of held)
          isFull = this.#real[each.name](...each.sent) === false && each.name === 'write';
    };
    // A framework that passed on the whole response sends it itself.
    if (frozen.writableEnded && (instead || held.length > 0)) this.#sendLate(frozen, send);
    else send();
    // Headers that the handler set meanwhile are visible to the handler alone.
    if (this.#lateSend?.isWaiting) Object.assign(frozen, { statusCode, statusMessage });
    else this.#setStatus(statusCode, statusMessage);
    if (!isFull) this.#wake();
    this.#lateDestroy?.now();
  }

  /** Drops the held response and calls `answer`, which sends another one. Later writes of the handler are discarded. */
  drop(answer?: (end: Method) => void): void {
    if (this.#state === 'dropped' || this.#state === 'answered') return;
    const wasHeld = this.#state === 'held';
    const late = this.#lateDestroy;
    const held = this.#held;
    if (answer && wasHeld) {
      late?.afterFinish();
      const copy = this.#copy as ServerResponse;
      this.#lift('passed');
      this.#sendLate(copy, () => {
        answer(this.#real.end);
      });
    } else this.#held = [];
    this.#state = answer ? 'answered' : 'dropped';
    for (const { name, sent } of held) this.#swallow(name, sent);
    this.#pipes.letGo();
    this.#wake();
    if (!answer) late?.now();
  }

  /** Discards the held response, so that another answer can use the response's own methods. */
  forget(): void {
    if (this.#state !== 'held') return;
    this.#lift('passed');
    this.#pipes.letGo();
  }

  /** Sends the judged response, or the answer in its place; middleware may send it later. */
  #sendLate(copy: ServerResponse, send: () => void): void {
    this.#lateSend = new LateSend(this.#response, copy, this.#rules.isOwnCode);
    this.#lateSend.run(send);
    this.#copy = copy;
  }

  #setStatus(statusCode: number, statusMessage: string | undefined): void {
    Object.assign(this.#response, { statusCode, statusMessage });
  }

  #begin(): ServerResponse {
    const copy = disconnectedCopy(this.#response);
    this.#state = 'held';
    this.#copy = copy;
    this.#takeFaceOff = putSentFace(this.#response, copy);
    this.#lateDestroy = createLateDestroy(this.#response, this.#rules.isOwnCode);
    return copy;
  }

  #lift(state: 'open' | 'passed'): readonly HeldSend[] {
    this.#takeFaceOff?.();
    this.#takeFaceOff = undefined;
    this.#lateDestroy?.restore();
    this.#copy = undefined;
    this.#state = state;
    const held = this.#held;
    this.#held = [];
    return held;
  }

  #wake(): void {
    if (!this.#isWriterWaiting) return;
    this.#isWriterWaiting = false;
    this.#response.emit('drain');
  }

  #send(name: Sending | 'addTrailers', sent: readonly unknown[]): unknown {
    const isLate = this.#lateSend?.isHandler === true;
    if (this.#state === 'passed') return isLate ? this.#hold(name, sent) : this.#real[name](...sent);
    if (this.#state === 'dropped') return this.#swallow(name, sent);
    // Keep the head: middleware that sends the answer later reads it then.
    if (this.#state === 'answered')
      return name !== 'writeHead'
        ? this.#swallow(name, sent)
        : isLate
          ? this.#hold(name, sent)
          : this.#real.writeHead(...sent);
    if (this.#state === 'held') return this.#hold(name, sent);
    const status = name === 'writeHead' ? Number(sent[0]) : this.#response.statusCode;
    if (name === 'addTrailers') return this.#real.addTrailers(...sent);
    if (!this.#rules.isHeld(status)) {
      this.#state = 'passed';
      return this.#real[name](...sent);
    }
    const copy = this.#begin();
    try {
      return this.#hold(name, sent);
    } finally {
      // Node throws for some arguments of handlers; nothing is sent then.
      if (!copy.headersSent) this.#lift('open');
      else this.#rules.whenHeld(name === 'end' ? { chunk: sent[0], encoding: sent[1] } : undefined);
    }
  }

  #hold(name: Sending | 'addTrailers', sent: readonly unknown[]): unknown {
    const copy = this.#copy as ServerResponse;
    const methods = copy as unknown as Record<string, Method>;
    const isOver = copy.writableEnded || copy.destroyed;
    const callback = callbackOf(sent);
    if (
      isOver &&
      name === 'end' &&
      callback &&
      (sent[0] === callback || sent[0] === undefined || sent[0] === null)
    ) {
      this.#response.once('finish', callback);
      return this.#response;
    }
    const result = (methods[name] as Method).apply(copy, isOver ? [...sent] : withoutCallback(sent));
    if (!isOver) this.#held.push({ name, sent: copied(sent) });
    if (name === 'write' && result === false && !isOver) this.#isWriterWaiting = true;
    if (name === 'writeHead') this.#setStatus(copy.statusCode, copy.statusMessage);
    return result === copy ? this.#response : result;
  }

  #swallow(name: Sending | 'addTrailers', sent: readonly unknown[]): unknown {
    const callback = callbackOf(sent);
    if (name === 'end' && callback) {
      if (this.#response.writableFinished) process.nextTick(callback);
      else this.#response.once('finish', callback);
    } else if (callback) process.nextTick(callback);
    return name === 'write' ? true : this.#response;
  }
}
