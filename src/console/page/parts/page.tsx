import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { shown } from './text.js';

interface PageProps {
  readonly title: string;
  readonly note?: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

let isFirst = true;

/**
 * A page with its heading. Opening the page focuses the heading, so that screen readers read it and Tab continues from
 * there.
 */
export function Page({ title, note, actions, children }: PageProps): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  // Before the next press: after it, the focus would leave the field that the operator has chosen.
  useLayoutEffect(() => {
    if (!isFirst) heading.current?.focus();
    isFirst = false;
  }, []);
  useLayoutEffect(() => {
    document.title = `${shown(title, 80)} · Actions console`;
  }, [title]);
  return (
    <>
      <header class="head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {shown(title, 200)}
          </h1>
          {note !== undefined && <p class="note">{note}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

interface SectionProps {
  readonly title: string;
  readonly note?: string;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

export const Section = ({ title, note, actions, children }: SectionProps): VNode => (
  <section aria-label={title}>
    <header class="head">
      <div>
        <h2>{title}</h2>
        {note !== undefined && <p class="note">{note}</p>}
      </div>
      {actions !== undefined && <div class="actions">{actions}</div>}
    </header>
    {children}
  </section>
);
