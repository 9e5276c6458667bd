import type { ComponentChildren, VNode } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** What it does is under way: it can be focused, but not pressed. */
  readonly isBusy?: boolean;
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
      aria-disabled={isBusy}
      disabled={isDisabled}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onPress?.();
      }}
    >
      {children}
    </button>
  );
}
