import type { Actions } from '../../index.js';
import type { PerEndpoint } from './endpointMessages.js';

interface DemoTarget {
  readonly id: string;
  readonly signingKey: string;
}

/** Defines the four targets. */
export async function defineTargets(
  actions: Actions,
  ports: PerEndpoint<number>,
): Promise<PerEndpoint<DemoTarget>> {
  const endpoint = (name: keyof typeof ports): string => `http://127.0.0.1:${ports[name]}/${name}`;
  return {
    audit: await actions.targets.add({
      name: 'audit',
      type: 'webhook',
      endpoint: endpoint('audit'),
      interruptOnError: true,
    }),
    policy: await actions.targets.add({
      name: 'policy',
      type: 'requestResponse',
      endpoint: endpoint('policy'),
      interruptOnError: true,
    }),
    notifier: await actions.targets.add({ name: 'notifier', type: 'async', endpoint: endpoint('notifier') }),
    archive: await actions.targets.add({
      name: 'archive',
      type: 'async',
      delivery: 'durable',
      endpoint: endpoint('archive'),
    }),
  };
}

/** Sets the targets for all events, two groups, and two exact names. */
export async function defineExecutions(
  actions: Actions,
  { audit, policy, notifier, archive }: PerEndpoint<DemoTarget>,
): Promise<void> {
  const everything = { event: { all: true } } as const;
  const issues = { event: { group: 'issues' } } as const;
  const { executions } = actions;
  await executions.set(everything, [audit.id, archive.id]);
  await executions.set(issues, [policy.id, { include: everything }]);
  await executions.set({ event: { group: 'release' } }, [{ include: everything }, notifier.id]);
  await executions.set({ event: { event: 'issues.opened' } }, [{ include: issues }, notifier.id]);
  await executions.set({ event: { event: 'push' } }, [policy.id, { include: everything }]);
}

/** Whether the rules above notify a target of an event. Written by hand, to check the library. */
export const notifies = (type: string): boolean => type === 'issues.opened' || type.startsWith('release.');
