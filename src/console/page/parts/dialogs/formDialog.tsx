import type { ComponentChildren, VNode } from 'preact';
import type { Change } from '../../state/change.js';
import { Button } from '../button.js';
import { Dialog, DialogActions } from './dialog.js';

interface FormDialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** The text of the button. */
  readonly does: string;
  /** The text of the button while the change is under way. */
  readonly doing: string;
  readonly change: Change;
  /** Whether the form has input that the Escape key would lose. */
  readonly isTyped?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

/** A form in a dialog that makes one change. */
export const FormDialog = ({
  title,
  children,
  does,
  doing,
  change,
  isTyped = false,
  onSubmit,
  onClose,
}: FormDialogProps): VNode => (
  <Dialog title={title} onClose={onClose} isHeld={change.isBusy || isTyped}>
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <DialogActions>
        <Button onPress={onClose} isDisabled={change.isBusy}>
          Cancel
        </Button>
        <Button type="submit" kind="primary" isBusy={change.isBusy}>
          {change.isBusy ? doing : does}
        </Button>
      </DialogActions>
    </form>
  </Dialog>
);
