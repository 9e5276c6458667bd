import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { Page } from '../parts/page.js';
import { useApp } from '../state/app.js';
import { useRoute } from '../state/route.js';
import { firstPage, pages } from './pages.js';

/** Renders the page of the route. */
export function CurrentPage(): VNode {
  const { session, said } = useApp();
  const { path } = useRoute();
  const [name = firstPage(session), id] = path;
  const where = `${name} ${id ?? ''}`;
  useEffect(() => () => said.set(''), [said, where]);
  return (
    pages.find((page) => page.path === name)?.render(id) ?? (
      <Page key="unknown" title="There is no such page">
        <p>The address names no page of the console. The navigation lists the pages.</p>
      </Page>
    )
  );
}
