import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { count } from '../../../lib/shown/figures.js';
import { printableLines } from '../../../lib/shown/printable.js';
import { Button } from './button.js';
import { laidOut } from './laidOut.js';

/**
 * The longest text that is laid out. Of a longer text only the beginning is shown, unchanged, until the operator asks for
 * the rest.
 */
const mostAtFirst = 20_000;

interface BodyProps {
  readonly title: string;
  readonly text: string;
  /** The length of a body that is left out. */
  readonly omittedBytes?: number | undefined;
}

/** Shows a body as text: JSON is laid out, and control characters are visible. */
export function Body({ title, text, omittedBytes }: BodyProps): VNode {
  const [isWhole, setWhole] = useState(false);
  const all = useMemo(() => (text.length > mostAtFirst ? text : laidOut(text)), [text]);
  const part = isWhole ? all : all.slice(0, mostAtFirst);
  return (
    <figure class="body">
      <figcaption>{title}</figcaption>
      <pre tabIndex={0} role="region" aria-label={title}>
        {omittedBytes !== undefined
          ? `(${count(omittedBytes)} bytes, left out: the bodies of this rehearsal are too long in all)`
          : part === ''
            ? '(empty)'
            : printableLines(part)}
      </pre>
      {part.length < all.length && (
        <Button kind="quiet" onPress={() => setWhole(true)}>
          Show all {count(all.length)} characters
        </Button>
      )}
    </figure>
  );
}
