import type { ComponentChildren, VNode } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
  /** Whether Escape does not close the dialog: its content would be lost, or a change is under way. */
  readonly isHeld?: boolean;
}

/** A modal dialog. Closing it restores the focus. */
export function Dialog({ title, children, onClose, isHeld }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      const place =
        before instanceof HTMLElement && before.isConnected ? before : document.querySelector('h1');
      // The element that had the focus may be gone with its row.
      queueMicrotask(() => {
        if (place instanceof HTMLElement && !document.querySelector('dialog[open]')) place.focus();
      });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!isHeld) onClose();
      }}
      onClose={() => {
        if (isHeld) dialog.current?.showModal();
        else onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

export const DialogActions = ({ children }: { readonly children: ComponentChildren }): VNode => (
  <div class="actions end">{children}</div>
);
