/** The four endpoints of the demo. */
export const endpointNames = ['audit', 'policy', 'notifier', 'archive'] as const;
export type EndpointName = (typeof endpointNames)[number];
export type PerEndpoint<Value> = Readonly<Record<EndpointName, Value>>;

/** The counts of one endpoint. */
export interface EndpointReport {
  readonly received: number;
  /** Calls whose two signatures hold. */
  readonly verified: number;
  readonly amended: number;
  /** Vetoes of the policy, and calls that the archive answered with 503 while it was down. */
  readonly refused: number;
  /** Events that the archive took after a later one of their stream. */
  readonly disordered: number;
  /** SHA-256 of the payload that arrived last for each event id. */
  readonly digests: Readonly<Record<string, string>>;
}

export type ToEndpoints =
  | { readonly signingKeys: PerEndpoint<string> }
  | { readonly archiveIsBack: true }
  | { readonly reportNow: true };
export type FromEndpoints =
  | { readonly ports: PerEndpoint<number> }
  | { readonly keysTaken: true }
  | { readonly archiveTakes: true }
  | { readonly reports: PerEndpoint<EndpointReport> };
