import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { RotatedKey, RotateKey as RotateKeyRequest, Target } from '../../../wire/targets.js';
import { targetPath } from '../../api/apiPath.js';
import { Dialog } from '../../parts/dialogs/dialog.js';
import { FormDialog } from '../../parts/dialogs/formDialog.js';
import { TextField } from '../../parts/field.js';
import { Problem } from '../../parts/problem.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { ShownKey } from './shownKey.js';

interface RotateKeyProps {
  readonly target: Target;
  readonly onChanged: (target: Target) => void;
  readonly onClose: () => void;
}

const minute = 60_000;

export function RotateKey({ target, onChanged, onClose }: RotateKeyProps): VNode {
  const { client } = useApp();
  const change = useChange();
  const [minutes, setMinutes] = useState('60');
  const [key, setKey] = useState<string>();
  if (key !== undefined)
    return (
      <Dialog key="rotated" title="The key is rotated" onClose={onClose} isHeld>
        <ShownKey signingKey={key} onDone={onClose} />
      </Dialog>
    );
  const rotate = async () => {
    const body: RotateKeyRequest = {
      revision: target.revision,
      graceMs: Math.round(Number(minutes) * minute),
    };
    const rotated = await client.post<RotatedKey>(targetPath(target.id, 'rotate'), body);
    setKey(rotated.signingKey);
    onChanged(rotated.target);
  };
  return (
    <FormDialog
      key="rotate"
      title="Rotate the signing key"
      does="Rotate the key"
      doing="Rotating…"
      change={change}
      onSubmit={() => change.run(rotate)}
      onClose={onClose}
    >
      <p>A new key is drawn. Until the time below is over, each call carries a signature of both keys.</p>
      <TextField
        label="The old key goes on signing for, in minutes"
        type="number"
        value={minutes}
        onChange={setMinutes}
        isRequired
      />
      <Problem failure={change.failure} />
    </FormDialog>
  );
}
