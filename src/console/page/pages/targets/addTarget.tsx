import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { AddedTarget } from '../../../wire/targets.js';
import { Dialog } from '../../parts/dialogs/dialog.js';
import { FormDialog } from '../../parts/dialogs/formDialog.js';
import { Problem } from '../../parts/problem.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { go, link } from '../../state/route.js';
import { addition, emptyDraft } from './draft.js';
import { ShownKey } from './shownKey.js';
import { TargetFields } from './targetFields.js';

export function AddTarget({ onClose }: { readonly onClose: () => void }): VNode {
  const { client } = useApp();
  const change = useChange();
  const [draft, setDraft] = useState(emptyDraft);
  const [added, setAdded] = useState<AddedTarget>();
  const isTyped = draft !== emptyDraft;
  if (added) {
    const done = () => {
      onClose();
      go(link(['targets', added.id]));
    };
    return (
      <Dialog key="added" title="The target is added" onClose={done} isHeld>
        <ShownKey signingKey={added.signingKey} onDone={done} />
      </Dialog>
    );
  }
  return (
    <FormDialog
      key="add"
      title="Add a target"
      does="Add target"
      doing="Adding…"
      change={change}
      isTyped={isTyped}
      onSubmit={() =>
        change.run(async () => setAdded(await client.post<AddedTarget>('api/targets', addition(draft))))
      }
      onClose={onClose}
    >
      <TargetFields draft={draft} onChange={setDraft} />
      <Problem failure={change.failure} />
    </FormDialog>
  );
}
