import type { Endpoint } from '../../network/endpoint.js';
import type { NetworkRules } from '../../network/networkRules.js';

/** The call that a socket is wanted for. */
export interface Wanted {
  readonly rules: NetworkRules;
  readonly endpoint: Endpoint;
  readonly instanceID: string;
  /** Whether the rules are still current. */
  isCurrent(): boolean;
  /** Called once the target is contacted: its name is being resolved, or it is dialled. */
  tried(): void;
}
