import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Execution, RemoveExecution } from '../../../wire/executions.js';
import { count, utc } from '../../../../lib/shown/figures.js';
import { apiPath } from '../../api/apiPath.js';
import { Button } from '../../parts/button.js';
import { Confirm } from '../../parts/dialogs/confirm.js';
import { Facts } from '../../parts/facts.js';
import { Loaded } from '../../parts/loaded.js';
import { Page, Section } from '../../parts/page.js';
import { shown } from '../../parts/text.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { useQuery } from '../../state/query.js';
import { go, link } from '../../state/route.js';
import { keyOf } from './entries.js';
import { EntryLabel } from './entryLabel.js';
import { SetExecution } from './setExecution.js';

const links = (ids: readonly string[]): VNode => (
  <ul class="bare">
    {ids.map((id) => (
      <li key={id}>
        <a href={link(['executions', id])}>{shown(id, 200)}</a>
      </li>
    ))}
  </ul>
);

interface ExecutionActionsProps {
  readonly execution: Execution;
  readonly onSet: (execution: Execution) => void;
}

function ExecutionActions({ execution, onSet }: ExecutionActionsProps): VNode {
  const { client } = useApp();
  const change = useChange();
  const [opened, setOpened] = useState<'set' | 'remove'>();
  const close = () => {
    setOpened(undefined);
    change.forget();
  };
  const { id, revision } = execution;
  const remove = async () => {
    await client.post('api/executions/remove', { id, revision } satisfies RemoveExecution);
    close();
    go(link(['executions']));
  };
  return (
    <>
      <Button kind="primary" onPress={() => setOpened('set')}>
        Set
      </Button>
      <Button kind="danger" onPress={() => setOpened('remove')}>
        Remove
      </Button>
      {opened === 'set' && <SetExecution execution={execution} onSet={onSet} onClose={close} />}
      {opened === 'remove' && (
        <Confirm
          title="Remove the execution"
          does="Remove"
          isDangerous
          change={change}
          onConfirm={() => change.run(remove)}
          onClose={close}
        >
          <p>
            <code class="long">{shown(id)}</code> no longer calls any target. Where a more general execution
            matches, that one applies.
          </p>
        </Confirm>
      )}
    </>
  );
}

function ExecutionFacts({ execution }: { readonly execution: Execution }): VNode {
  const { entries, calls, shadows, shadowedBy, created, changed } = execution;
  return (
    <>
      <Section title="Called, in this order" note={`${count(calls)} calls, with all that is included.`}>
        {entries.length === 0 ? (
          <p class="empty">The list is empty: a more general execution applies.</p>
        ) : (
          <ol class="entries">
            {entries.map((entry) => (
              <li key={keyOf(entry)}>
                <EntryLabel entry={entry} />
              </li>
            ))}
          </ol>
        )}
      </Section>
      <Section title="Who shadows whom" note="One execution applies: the most specific that calls a target.">
        <Facts
          facts={[
            ['In place of', shadows.length === 0 ? 'no other' : links(shadows)],
            [
              'Not where one of these applies',
              shadowedBy.count === 0 ? (
                'none'
              ) : (
                <>
                  {links(shadowedBy.ids)}
                  {shadowedBy.count > shadowedBy.ids.length && (
                    <span class="quiet">and {count(shadowedBy.count - shadowedBy.ids.length)} others</span>
                  )}
                </>
              ),
            ],
            ['Set first', utc(created)],
            ['Changed', utc(changed)],
          ]}
        />
      </Section>
    </>
  );
}

export function ExecutionPage({ id }: { readonly id: string }): VNode {
  const { session } = useApp();
  const execution = useQuery<Execution>(apiPath('executions/one', { id }));
  return (
    <Page
      title={id}
      actions={
        session.can.writeExecutions &&
        execution.data && <ExecutionActions execution={execution.data} onSet={execution.show} />
      }
    >
      <Loaded query={execution}>{(found) => <ExecutionFacts execution={found} />}</Loaded>
    </Page>
  );
}
