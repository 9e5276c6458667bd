/** What an integration decides about a response that may be held. */
export interface HoldingRules {
  /**
   * Whether to hold a response with this status. Called before the first byte; a response that passes then is never held.
   */
  isHeld(status: number): boolean;
  /** Called when the response is held. `body` is the argument of `end`, where `end` was the first call. */
  whenHeld(body: { readonly chunk: unknown; readonly encoding: unknown } | undefined): void;
  /** Whether the running code belongs to this request. */
  isOwnCode(): boolean;
}
