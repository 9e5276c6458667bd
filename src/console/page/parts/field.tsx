import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  /** Renders the input with the attributes that connect it to label and hint. */
  readonly children: (names: {
    readonly id: string;
    readonly 'aria-describedby'?: string;
  }) => ComponentChildren;
}

export function Field({ label, hint, children }: FieldProps): VNode {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(hint === undefined ? { id } : { id, 'aria-describedby': `${id}-hint` })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly isRequired?: boolean;
  readonly type?: 'text' | 'search' | 'password' | 'number';
  readonly placeholder?: string;
  readonly list?: string;
  readonly name?: string;
  /** An input that shows dots. It has no password type, so that browsers do not offer to save it. */
  readonly isSecret?: boolean;
}

export const TextField = ({ label, hint, value, onChange, ...rest }: TextProps): VNode => (
  <Field label={label} {...(hint !== undefined && { hint })}>
    {(names) => (
      <input
        {...names}
        type={rest.type ?? 'text'}
        class={rest.isSecret ? 'secret' : undefined}
        value={value}
        required={rest.isRequired ?? false}
        placeholder={rest.placeholder}
        list={rest.list}
        name={rest.name}
        autocomplete="off"
        spellcheck={false}
        step="any"
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    )}
  </Field>
);

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, text: string])[];
  readonly onChange: (value: Value) => void;
  readonly hint?: string;
}

export const ChoiceField = <Value extends string>({
  label,
  hint,
  value,
  options,
  onChange,
}: ChoiceProps<Value>): VNode => (
  <Field label={label} {...(hint !== undefined && { hint })}>
    {(names) => (
      <select {...names} value={value} onChange={(event) => onChange(event.currentTarget.value as Value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each} selected={each === value}>
            {text}
          </option>
        ))}
      </select>
    )}
  </Field>
);

interface CheckProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly isDisabled?: boolean;
  readonly hint?: string;
}

export function CheckField({ label, isChecked, onChange, isDisabled, hint }: CheckProps): VNode {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={isChecked}
        disabled={isDisabled}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
