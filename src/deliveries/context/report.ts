/** What became of a delivery at one moment. Holds no content, no header and nothing the target said. */
export interface DeliveryReport {
  /**
   * `failed` is tried again; `parked` is a dead letter from now on; `dropped`: no longer matched, or gone from its stream;
   * `discarded`: by an operator
   */
  readonly outcome: 'delivered' | 'failed' | 'parked' | 'dropped' | 'discarded';
  /** The receiver's `webhook-id`. */
  readonly deliveryID: string;
  readonly instanceID: string;
  readonly targetID: string;
  readonly executionID: string;
  readonly stream: string;
  readonly version: bigint;
  readonly eventID: string;
  readonly eventType: string;
  /** How many calls were made. */
  readonly attempt: number;
  readonly durationMs: number;
  readonly status?: number;
  readonly reason?: string;
  readonly nextAttemptAt?: Date;
}
