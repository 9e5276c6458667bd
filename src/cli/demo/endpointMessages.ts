/** The three endpoints of the demo. */
export const endpointNames = ['audit', 'policy', 'notifier'] as const;
export type EndpointName = (typeof endpointNames)[number];
export type PerEndpoint<Value> = Readonly<Record<EndpointName, Value>>;

/** The counts of one endpoint. */
export interface EndpointReport {
  readonly received: number;
  /** Calls whose two signatures hold. */
  readonly verified: number;
  readonly amended: number;
  readonly refused: number;
  /** SHA-256 of the payload that arrived last for each event id. */
  readonly digests: Readonly<Record<string, string>>;
}

export type ToEndpoints = { readonly signingKeys: PerEndpoint<string> } | { readonly reportNow: true };
export type FromEndpoints =
  | { readonly ports: PerEndpoint<number> }
  | { readonly keysTaken: true }
  | { readonly reports: PerEndpoint<EndpointReport> };
