import type { Cluster, Member } from './cluster.js';
import type { EventStore } from './eventStore.js';
import type { Faults } from './faults.js';
import type { Gates } from './gates.js';
import type { OpenCalls } from './openCalls.js';
import type { PersistentGroups } from './persistentGroups.js';

export type NodeSettings = {
  /** Bytes of all the events of one append. */
  readonly maxAppendSize: number;
  /** Milliseconds after which an append that was refused as malformed, or answered early, is answered a second time. */
  readonly secondAnswerAfter: number;
  /** Whether it has the appends to several streams, as KurrentDB 26.1 has. */
  readonly appendsTogether: boolean;
};

/** What every handler of one running server works on. */
export type Node = {
  readonly store: EventStore;
  readonly groups: PersistentGroups;
  readonly cluster: Cluster;
  /** This server, as gossip names it. */
  readonly member: Member;
  readonly faults: Faults;
  readonly gates: Gates;
  readonly calls: OpenCalls;
  readonly settings: NodeSettings;
  /** Cuts the connection a call came over. */
  readonly cut: (peer: string) => void;
  /** Kills the server and starts it again; state is kept as on a disk. */
  readonly restart: () => void;
  /** Timers end with the server. */
  readonly later: (milliseconds: number, action: () => void) => void;
  /** It was told to stop: what is not committed yet is answered "not ready". */
  readonly isStopping: () => boolean;
  /** Aborted when this server is killed: what has not been committed by then never is. */
  readonly signal: AbortSignal;
};
