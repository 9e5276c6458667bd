import type { ComponentChildren, VNode } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** Whether its action is under way: the button can then be focused, but not pressed. */
  readonly isBusy?: boolean;
  /** A button that keeps the focus when it is pressed. */
  readonly isDisabled?: boolean;
  readonly label?: string;
  readonly type?: 'button' | 'submit';
  readonly onPress?: () => void;
}

export function Button({
  children,
  kind = 'plain',
  isBusy,
  isDisabled,
  label,
  type,
  onPress,
}: ButtonProps): VNode {
  return (
    <button
      type={type ?? 'button'}
      class={`button ${kind}`}
      aria-label={label}
      aria-busy={isBusy}
      aria-disabled={isBusy === true || isDisabled === true}
      data-off={isDisabled}
      onClick={(event) => {
        if (isBusy || isDisabled) event.preventDefault();
        else onPress?.();
      }}
    >
      {children}
    </button>
  );
}
