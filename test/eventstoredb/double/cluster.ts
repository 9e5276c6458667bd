import { randomUUID } from 'node:crypto';
import type { Endpoint } from './trailers.js';

export type Member = {
  readonly host: string;
  port: number;
  readonly id: string;
  isAlive: boolean;
  role: 'leader' | 'follower';
};

/** The nodes that know each other; a single node is its own leader. */
export class Cluster {
  readonly members: Member[] = [];

  get leader(): Member | undefined {
    return this.members.find(({ isAlive, role }) => isAlive && role === 'leader');
  }

  get isDown(): boolean {
    return this.members.every(({ isAlive }) => !isAlive);
  }

  join(endpoint: Endpoint): Member {
    const role = this.members.length === 0 ? 'leader' : 'follower';
    const member: Member = { ...endpoint, id: randomUUID(), isAlive: false, role };
    this.members.push(member);
    return member;
  }

  /** The end of an election. */
  elect(leader: Member): void {
    for (const member of this.members) member.role = member === leader ? 'leader' : 'follower';
  }
}
