import type { ComponentChildren, VNode } from 'preact';
import type { Change } from '../../state/change.js';
import { Button } from '../button.js';
import { Dialog, DialogActions } from './dialog.js';
import { Problem } from '../problem.js';

interface ConfirmProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** The text of the button. */
  readonly does: string;
  readonly isDangerous?: boolean;
  readonly change: Change;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks for confirmation of a change. */
export const Confirm = ({
  title,
  children,
  does,
  isDangerous,
  change,
  onConfirm,
  onClose,
}: ConfirmProps): VNode => (
  <Dialog title={title} onClose={onClose} isHeld={change.isBusy}>
    {children}
    <Problem failure={change.failure} />
    <DialogActions>
      <Button onPress={onClose} isDisabled={change.isBusy}>
        Cancel
      </Button>
      <Button kind={isDangerous ? 'danger' : 'primary'} isBusy={change.isBusy} onPress={onConfirm}>
        {change.isBusy ? 'Working…' : does}
      </Button>
    </DialogActions>
  </Dialog>
);
