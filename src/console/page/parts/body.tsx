import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { count } from '../../../lib/shown/figures.js';
import { printableLines } from '../../../lib/shown/printable.js';
import { Button } from './button.js';

/** A longer text is shown as it came, and only its beginning, until the rest is asked for. */
const mostAtFirst = 20_000;

function laidOut(text: string): string {
  if (text.length > mostAtFirst) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What was sent or answered, as text: JSON is laid out, control characters are shown. */
export function Body({ title, text }: { readonly title: string; readonly text: string }): VNode {
  const [isWhole, setWhole] = useState(false);
  const all = useMemo(() => laidOut(text), [text]);
  const part = isWhole ? all : all.slice(0, mostAtFirst);
  return (
    <figure class="body">
      <figcaption>{title}</figcaption>
      <pre tabIndex={0} role="region" aria-label={title}>
        {part === '' ? '(empty)' : printableLines(part)}
      </pre>
      {part.length < all.length && (
        <Button kind="quiet" onPress={() => setWhole(true)}>
          Show all {count(all.length)} characters
        </Button>
      )}
    </figure>
  );
}
