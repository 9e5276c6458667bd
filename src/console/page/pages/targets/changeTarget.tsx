import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Target } from '../../../wire/targets.js';
import { targetPath } from '../../api/apiPath.js';
import { Button } from '../../parts/button.js';
import { FormDialog } from '../../parts/dialogs/formDialog.js';
import { Problem } from '../../parts/problem.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { changeOf, draftOf, rebased } from './draft.js';
import { TargetFields } from './targetFields.js';

interface ChangeTargetProps {
  readonly target: Target;
  readonly onChanged: (target: Target) => void;
  readonly onClose: () => void;
}

export function ChangeTarget({ target, onChanged, onClose }: ChangeTargetProps): VNode {
  const { client, said } = useApp();
  const change = useChange();
  const newest = useChange();
  const [before, setBefore] = useState(target);
  const [draft, setDraft] = useState(() => draftOf(target));
  const [isRebased, setRebased] = useState(false);
  const isTyped = JSON.stringify(draft) !== JSON.stringify(draftOf(before));
  const save = () =>
    change.run(async () => {
      onChanged(await client.post<Target>(targetPath(target.id), changeOf(draft, before)));
      said.set('The target is changed.');
      onClose();
    });
  const load = () =>
    newest.run(async () => {
      const found = await client.get<Target>(targetPath(target.id));
      setDraft(rebased(draft, before, found));
      setBefore(found);
      setRebased(true);
      change.forget();
    });
  return (
    <FormDialog
      title="Change the target"
      does="Save"
      doing="Saving…"
      change={change}
      isTyped={isTyped}
      onSubmit={save}
      onClose={onClose}
    >
      <TargetFields draft={draft} onChange={setDraft} />
      <Problem failure={change.failure ?? newest.failure} />
      {change.failure?.kind === 'stale' && (
        <Button isBusy={newest.isBusy} onPress={load}>
          Load the newest, keep my entries
        </Button>
      )}
      <div role="status">
        {isRebased && !change.failure && (
          <p class="notice good">
            The newest state is loaded, with your entries on top of it. Save to apply them.
          </p>
        )}
      </div>
    </FormDialog>
  );
}
