import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { filter } from '../state/route.js';
import { TextField } from './field.js';

const waitMs = 250;

interface SearchProps {
  readonly label: string;
  /** The parameter of the URL that holds the search. */
  readonly name: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly list?: string;
}

/** Filters a list when the operator stops typing. */
export function Search({ label, name, value, placeholder, list }: SearchProps): VNode {
  const [typed, setTyped] = useState(value);
  const last = useRef(value);
  useEffect(() => {
    if (value !== last.current) setTyped(value);
    last.current = value;
  }, [value]);
  useEffect(() => {
    if (typed === last.current) return undefined;
    const timer = setTimeout(() => {
      last.current = typed;
      filter({ [name]: typed });
    }, waitMs);
    return () => clearTimeout(timer);
  }, [typed, name]);
  return (
    <TextField
      label={label}
      type="search"
      value={typed}
      onChange={setTyped}
      {...(placeholder !== undefined && { placeholder })}
      {...(list !== undefined && { list })}
    />
  );
}
