/** The four endpoints of the demo. */
export const endpointNames = ['audit', 'policy', 'notifier', 'archive'] as const;
export type EndpointName = (typeof endpointNames)[number];
export type PerEndpoint<Value> = Readonly<Record<EndpointName, Value>>;

/** The counts of one endpoint. */
export interface EndpointReport {
  readonly received: number;
  /** Calls with two valid signatures. */
  readonly verified: number;
  readonly amended: number;
  /** Vetoes of the policy, and calls that the archive answered with 503 while it was down. */
  readonly refused: number;
  /** Events that the archive accepted after a later event of their stream. */
  readonly disordered: number;
  /** The SHA-256 of the last payload for each event id. */
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
