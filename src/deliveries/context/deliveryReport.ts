/** The outcome of a delivery at one moment. Holds no content, no header and no text of the target. */
export interface DeliveryReport {
  /**
   * `failed`: the delivery is tried again; `parked`: the event became a dead letter; `dropped`: the event no longer
   * matches, or is gone from its stream; `discarded`: an operator discarded the dead letter
   */
  readonly outcome: 'delivered' | 'failed' | 'parked' | 'dropped' | 'discarded';
  /** The receiver's `webhook-id`. */
  readonly deliveryID: string;
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target; empty where `caller` or `eventName` threw, so that no target is known. */
  readonly targetID: string;
  /** The execution that matched. */
  readonly executionID: string;
  /** The stream of the event. */
  readonly stream: string;
  /** The version of the event in its stream. */
  readonly version: bigint;
  /** Its id. */
  readonly eventID: string;
  /** Its type. */
  readonly eventType: string;
  /** How many calls of this delivery were made. */
  readonly attempt: number;
  /** How long the call took. Milliseconds. */
  readonly durationMs: number;
  /** HTTP status of the answer; absent where there was none. */
  readonly status?: number;
  /** Why it failed; absent where it did not. */
  readonly reason?: string;
  /** When the next call is due; absent where none is. */
  readonly nextAttemptAt?: Date;
}
