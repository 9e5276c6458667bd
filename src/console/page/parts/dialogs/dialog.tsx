import type { ComponentChildren, VNode } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
  /** Not closed by the Escape key: what is shown would be gone for good, or a change is under way. */
  readonly isHeld?: boolean;
}

/** A modal dialog. The focus goes back to where it was. */
export function Dialog({ title, children, onClose, isHeld }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      const place =
        before instanceof HTMLElement && before.isConnected ? before : document.querySelector('h1');
      // The element that had the focus may be gone with the row that it stood in.
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
