import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { JSONObject } from 'eventstore-actions';

/** One GitHub webhook as an event of the stream it belongs to. */
export interface GitHubEvent {
  readonly id: string;
  /** E.g. `issues.opened`, or `push` where GitHub names no action. */
  readonly type: string;
  readonly stream: string;
  readonly data: JSONObject;
}

interface Account {
  readonly login: string;
}

/** What we look at of a payload; everything else goes along untouched. */
interface Payload {
  readonly action?: string;
  readonly repository?: { readonly full_name: string };
  readonly organization?: Account;
  readonly installation?: { readonly account?: Account };
  readonly sender?: Account;
}

function streamOf(name: string, payload: Payload): string {
  if (payload.repository !== undefined) return `repository-${payload.repository.full_name}`;
  if (payload.organization !== undefined) return `organization-${payload.organization.login}`;
  const account = payload.installation?.account ?? payload.sender;
  return account === undefined ? `github-${name}` : `account-${account.login}`;
}

/** Every payload that the package collected from GitHub, in its order, in streams named as `streamName` says. */
export function githubEvents(streamName: (stream: string) => string): readonly GitHubEvent[] {
  const collected = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly {
    readonly name: string;
    readonly examples: readonly (Payload & JSONObject)[];
  }[];
  return collected.flatMap(({ name, examples }) =>
    examples.map((payload) => ({
      id: randomUUID(),
      type: payload.action === undefined ? name : `${name}.${payload.action}`,
      stream: streamName(streamOf(name, payload)),
      data: payload,
    })),
  );
}
