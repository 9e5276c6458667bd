import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const childrenOf = (node: Node): readonly Node[] => (tree.isElementNode(node) ? node.childNodes : []);

const textOf = (node: Node): string =>
  tree.isTextNode(node) ? node.value : childrenOf(node).map(textOf).join('');

function elements(nodes: readonly Node[], name: string): readonly Element[] {
  return nodes.flatMap((node) => [
    ...(tree.isElementNode(node) && node.tagName === name ? [node] : []),
    ...elements(childrenOf(node), name),
  ]);
}

/** The cells of every table of a page as a reader sees them, by the caption of the table. */
export function pageTables(html: string): Readonly<Record<string, readonly (readonly string[])[]>> {
  const tables = elements(parse(html).childNodes, 'table');
  return Object.fromEntries(
    tables.map(({ childNodes }) => [
      elements(childNodes, 'caption').map(textOf).join(''),
      elements(childNodes, 'tr')
        .slice(1)
        .map((row) => elements(row.childNodes, 'td').map(textOf)),
    ]),
  );
}

/** `1,234` as a number. */
export const numberOf = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));
