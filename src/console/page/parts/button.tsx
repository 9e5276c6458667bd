import type { ComponentChildren, VNode } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet';
  /** What it does is under way: it can be focused, but not pressed. */
  readonly isBusy?: boolean;
  /** It keeps the focus, so that pressing it does not lose one's place. */
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
