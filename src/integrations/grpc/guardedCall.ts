import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '../../hooks/context/caller.js';
import { depthHeaderName } from '../../lib/reading/depthHeader.js';
import { MessageCall, type JudgedMethod } from '../messageCall.js';

/** The parts of a method that all its calls share. */
export interface GuardedMethod extends JudgedMethod {
  readonly caller: ((metadata: Metadata) => Caller) | undefined;
}

/** The members of gRPC's calls of every kind. */
interface AnyCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  once(event: 'cancelled', listener: () => void): unknown;
}

/** A call with its caller. */
export class GuardedCall extends MessageCall {
  private readonly call: AnyCall;
  private gone: AbortController | undefined;

  /** @throws the error of `caller`, and {@link InvalidArgumentError} for a malformed id or depth */
  constructor(method: GuardedMethod, call: AnyCall) {
    const { metadata } = call;
    const depth = metadata.get(depthHeaderName)[0]?.toString();
    super(method, method.edge.enter(method.path, method.caller?.(metadata), depth));
    this.call = call;
    this.gone = undefined;
  }

  /** Whether the client has gone or its deadline has passed, so that it would not read an answer. */
  get isCancelled(): boolean {
    return this.gone?.signal.aborted ?? this.call.cancelled;
  }

  protected signal(): AbortSignal {
    if (!this.gone) {
      const controller = (this.gone = new AbortController());
      const leave = () => {
        controller.abort(new Error('the call was cancelled, or its deadline has passed'));
      };
      if (this.call.cancelled) leave();
      else this.call.once('cancelled', leave);
    }
    return this.gone.signal;
  }

  protected header(name: string): readonly string[] | undefined {
    // In gRPC, names that end in -bin have values of bytes.
    const values = this.call.metadata
      .get(name)
      .map((value) => (typeof value === 'string' ? value : value.toString('base64')));
    return values.length === 0 ? undefined : values;
  }
}
