import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { filter, keep } from '../state/route.js';
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

/** Presses after which the browser may leave the page: Enter on a link is a click, and Alt with an arrow goes back. */
const presses = ['pointerdown', 'click', 'keydown'] as const;

const mayLeave = (event: Event): boolean =>
  !(event instanceof KeyboardEvent) || event.altKey || event.ctrlKey || event.metaKey;

/** What was typed and does not filter yet. */
interface Pending {
  readonly text: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

/**
 * Filters a list when the operator stops typing. A press that may leave the page before that writes the search into the
 * URL, so that the way back leads to it.
 */
export function Search({ label, name, value, placeholder, list }: SearchProps): VNode {
  const [typed, setTyped] = useState(value);
  const last = useRef(value);
  const pending = useRef<Pending>();
  const isKept = useRef(false);

  function forget(): void {
    clearTimeout(pending.current?.timer);
    pending.current = undefined;
  }

  // In the handler, not in an effect, which a busy browser runs after the next press.
  function type(text: string): void {
    setTyped(text);
    forget();
    if (text === last.current && !isKept.current) return;
    const timer = setTimeout(() => {
      forget();
      isKept.current = false;
      last.current = text;
      filter({ [name]: text });
    }, waitMs);
    pending.current = { text, timer };
  }

  useLayoutEffect(() => {
    if (value !== last.current) {
      setTyped(value);
      forget();
      isKept.current = false;
    }
    last.current = value;
  }, [value]);
  useLayoutEffect(() => {
    const keepPending = (event: Event) => {
      if (pending.current && mayLeave(event) && keep({ [name]: pending.current.text })) isKept.current = true;
    };
    // The first listeners: a link further down may leave the page, or stop the event.
    for (const press of presses) addEventListener(press, keepPending, true);
    return () => {
      for (const press of presses) removeEventListener(press, keepPending, true);
      forget();
    };
  }, [name]);
  return (
    <TextField
      label={label}
      type="search"
      value={typed}
      onChange={type}
      {...(placeholder !== undefined && { placeholder })}
      {...(list !== undefined && { list })}
    />
  );
}
