import type { VNode } from 'preact';
import type { Target } from '../../../wire/targets.js';
import { targetPath } from '../../api/apiPath.js';
import { Loaded } from '../../parts/loaded.js';
import { Page, Section } from '../../parts/page.js';
import { useApp } from '../../state/app.js';
import { useQuery } from '../../state/query.js';
import { link } from '../../state/route.js';
import { TargetPlots } from '../plots/targetPlots.js';
import { TargetActions } from './targetActions.js';
import { TargetFacts } from './targetFacts.js';

export function TargetPage({ id }: { readonly id: string }): VNode {
  const { session } = useApp();
  const target = useQuery<Target>(targetPath(id));
  return (
    <Page
      title={target.data?.name ?? 'Target'}
      actions={target.data && <TargetActions target={target.data} onChanged={target.show} />}
    >
      <Loaded query={target}>
        {(found) => (
          <>
            <Section title="Settings">
              <TargetFacts target={found} />
            </Section>
            {session.calls && <TargetPlots id={id} />}
            {session.calls && session.can.readExecutions && (
              <p>
                <a href={link(['calls'], { targetID: id })}>Latest calls of this target</a>
              </p>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
