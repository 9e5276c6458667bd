import type { Metadata } from '@grpc/grpc-js';
import type { Caller } from '../../hooks/context/caller.js';
import { depthHeaderName } from '../edge.js';
import { MessageCall, type JudgedMethod } from '../messageCall.js';

/** What is the same for every call of a method. */
export interface GuardedMethod extends JudgedMethod {
  readonly caller: ((metadata: Metadata) => Caller) | undefined;
}

/** The part of gRPC's calls that every kind has. */
interface AnyCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  once(event: 'cancelled', listener: () => void): unknown;
}

/** A call whose caller is known. */
export class GuardedCall extends MessageCall {
  private readonly call: AnyCall;
  private gone: AbortController | undefined;

  /** @throws what `caller` throws, and {@link InvalidArgumentError} for an id or a depth that is malformed */
  constructor(method: GuardedMethod, call: AnyCall) {
    const { metadata } = call;
    const depth = metadata.get(depthHeaderName)[0]?.toString();
    super(method, method.edge.enter(method.path, method.caller?.(metadata), depth));
    this.call = call;
    this.gone = undefined;
  }

  /** Whether the client has gone, or its deadline has passed: then no answer is read. */
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
    // gRPC gives the values of names that end in -bin as bytes.
    const values = this.call.metadata
      .get(name)
      .map((value) => (typeof value === 'string' ? value : value.toString('base64')));
    return values.length === 0 ? undefined : values;
  }
}
