import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A fenced code block. Its fence may name where the text comes from, `source=<file>#<region>` or `output=<file>`, and the file that
 * a reader writes it to, `file=<name>`.
 */
export interface CodeBlock {
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly source: string | undefined;
  readonly output: string | undefined;
  readonly file: string | undefined;
  readonly text: string;
}

const fence = /^```(?<language>\w*)(?<options>[^\n]*)\n(?<text>[^]*?)^```$/gm;

const option = (options: string, name: string): string | undefined =>
  options
    .split(' ')
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** Every page of the documentation, the README included. */
export const pages: readonly string[] = [
  'CONTRIBUTING.md',
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

export function codeBlocks(page: string): readonly CodeBlock[] {
  const markdown = readFileSync(page, 'utf8');
  return [...markdown.matchAll(fence)].map(({ index, groups = {} }) => ({
    line: markdown.slice(0, index).split('\n').length,
    language: groups['language'] ?? '',
    source: option(groups['options'] ?? '', 'source'),
    output: option(groups['options'] ?? '', 'output'),
    file: option(groups['options'] ?? '', 'file'),
    text: groups['text'] ?? '',
  }));
}

/** Replaces the text of every block for which `textOf` knows one. */
export function withTexts(page: string, textOf: (block: CodeBlock) => string | undefined): string {
  const texts = codeBlocks(page).map(textOf);
  return readFileSync(page, 'utf8').replaceAll(fence, (block: string, ...rest: unknown[]) => {
    const text = texts.shift();
    const { language, options } = rest.at(-1) as { language: string; options: string };
    return text === undefined ? block : `\`\`\`${language}${options}\n${text}\`\`\``;
  });
}
