import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { JSONObject } from '../../index.js';

/** A GitHub webhook as an event, with the stream that it belongs to. */
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

/** The fields of a payload that the demo reads. Other fields pass unchanged. */
interface Payload {
  readonly action?: string;
  readonly repository?: { readonly full_name: string };
  readonly organization?: Account;
  readonly installation?: { readonly account?: Account };
  readonly sender?: Account;
}

/** Payloads by the name of their webhook, in the form of @octokit/webhooks-examples. */
type RecordedWebhooks = readonly {
  readonly name: string;
  readonly examples: readonly (Payload & JSONObject)[];
}[];

/** The file beside the program in the package; docs/examples/demo/README.md tells its origin. */
const recording = 'docs/examples/demo/githubWebhooks.json.br';

export async function recordedWebhooks(): Promise<RecordedWebhooks> {
  const root = dirname(createRequire(import.meta.url).resolve('eventstore-actions/package.json'));
  const packed = await readFile(join(root, recording));
  return JSON.parse((await promisify(brotliDecompress)(packed)).toString()) as RecordedWebhooks;
}

function streamOf(name: string, payload: Payload): string {
  if (payload.repository !== undefined) return `repository-${payload.repository.full_name}`;
  if (payload.organization !== undefined) return `organization-${payload.organization.login}`;
  const account = payload.installation?.account ?? payload.sender;
  return account === undefined ? `github-${name}` : `account-${account.login}`;
}

/** Returns every recorded payload in order, with the stream names that `streamName` makes. */
export async function githubEvents(streamName: (stream: string) => string): Promise<readonly GitHubEvent[]> {
  return (await recordedWebhooks()).flatMap(({ name, examples }) =>
    examples.map((payload) => ({
      id: randomUUID(),
      type: payload.action === undefined ? name : `${name}.${payload.action}`,
      stream: streamName(streamOf(name, payload)),
      data: payload,
    })),
  );
}
