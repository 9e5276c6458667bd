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
  /** Whether the server has appends to several streams, as KurrentDB 26.1 does. */
  readonly appendsTogether: boolean;
};

/** The state that the handlers of one running server share. */
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
  /** Kills the server and starts it again; the written state stays. */
  readonly restart: () => void;
  /** Timers end with the server. */
  readonly later: (milliseconds: number, action: () => void) => void;
  /** Whether the server is stopping: uncommitted appends are answered "not ready". */
  readonly isStopping: () => boolean;
  /** Aborts when this server is killed: an uncommitted append is then never committed. */
  readonly signal: AbortSignal;
};
