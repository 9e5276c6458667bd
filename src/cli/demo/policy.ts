import type { JSONObject } from '../../index.js';

/** The answer of the policy endpoint for one event. */
type Decision =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'amend'; readonly payload: JSONObject; readonly because: string }
  | { readonly verdict: 'refuse'; readonly status: number; readonly because: string };

interface Issue {
  readonly title: string;
  readonly labels?: readonly { readonly name: string }[];
}

/** A copy with all e-mail addresses masked, at any depth. */
const withoutAddresses = (payload: JSONObject): JSONObject =>
  JSON.parse(JSON.stringify(payload), (key, value: unknown) =>
    key === 'email' && typeof value === 'string' ? '***' : value,
  ) as JSONObject;

/** The rules of an imaginary company, over real payloads. */
export function decide(type: string, payload: JSONObject): Decision {
  switch (type) {
    case 'issues.deleted':
      return { verdict: 'refuse', status: 403, because: 'issues are closed here, never deleted' };
    case 'issues.transferred':
      return {
        verdict: 'refuse',
        status: 409,
        because: 'issues stay in their repository until the audit is over',
      };
    case 'issues.opened': {
      const { title, labels = [] } = payload['issue'] as unknown as Issue;
      const team = labels.some(({ name }) => name === 'bug') ? 'maintenance' : 'product';
      const urgent = /security|crash|data loss/i.test(title);
      return {
        verdict: 'amend',
        payload: { ...payload, triage: { team, urgent } },
        because: 'a team was assigned',
      };
    }
    case 'push':
      return (payload['ref'] as string).startsWith('refs/tags/')
        ? { verdict: 'refuse', status: 422, because: 'tags are made by the release job alone' }
        : { verdict: 'amend', payload: withoutAddresses(payload), because: 'e-mail addresses were masked' };
    default:
      return { verdict: 'allow' };
  }
}
