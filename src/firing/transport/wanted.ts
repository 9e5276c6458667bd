import type { Endpoint } from '../../network/endpoint.js';
import type { NetworkRules } from '../../network/networkRules.js';

/** What a socket is wanted for. */
export interface Wanted {
  readonly rules: NetworkRules;
  readonly endpoint: Endpoint;
  readonly instanceID: string;
  /** Whether the rules still hold. */
  isCurrent(): boolean;
  /** Is told once the target is asked for: its name is being resolved, or it is dialled. */
  tried(): void;
}
