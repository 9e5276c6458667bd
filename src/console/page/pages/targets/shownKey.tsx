import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Button } from '../../parts/button.js';
import { DialogActions } from '../../parts/dialogs/dialog.js';

interface ShownKeyProps {
  readonly signingKey: string;
  readonly onDone: () => void;
}

/** Shows a new key, once: the server never shows it again. */
export function ShownKey({ signingKey, onDone }: ShownKeyProps): VNode {
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState('');
  const copy = () => {
    navigator.clipboard.writeText(signingKey).then(
      () => setSaid('Copied.'),
      () => {
        field.current?.select();
        setSaid('The browser does not copy; the key is selected.');
      },
    );
  };
  return (
    <>
      <p>
        The receiver verifies calls with this signing key. <strong>It is shown this once.</strong> Keep it
        where the receiver reads its secrets.
      </p>
      <div class="field">
        <label for="signing-key">Signing key</label>
        <div class="joined">
          <input id="signing-key" ref={field} class="mono" type="text" readOnly value={signingKey} />
          <Button onPress={copy}>Copy</Button>
        </div>
        <p class="hint" role="status">
          {said}
        </p>
      </div>
      <DialogActions>
        <Button kind="primary" onPress={onDone}>
          I have kept the key
        </Button>
      </DialogActions>
    </>
  );
}
