import { expect } from 'chai';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { codeBlocks, type CodeBlock } from '../../docs/pages.js';
import { runToEnd } from '../support/runToEnd.js';

/** The situation of a reader: servers, and the values that replace names of the page. */
export interface Reader {
  readonly env?: Readonly<Record<string, string>>;
  /** Names of the page, such as hosts, and the reader's values for them. Each name must be on the page. */
  readonly names?: Readonly<Record<string, string>>;
  /** Blocks of commands that are not run here, by their first line, and the test that runs them. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** Languages of blocks that are neither code of the page nor commands. */
const shown = ['text', 'hcl', 'go', 'json', 'yaml', ''];
const shims = resolve('test/e2e/copied/shims');

function replaced(text: string, names: Readonly<Record<string, string>> = {}): string {
  return Object.entries(names).reduce((sum, [from, to]) => sum.replaceAll(from, to), text);
}

async function runShell(text: string, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  // The variables that a block sets are there in the next block.
  const kept = join(folder, '.notes', 'variables');
  const script = `set -a; [ ! -e ${kept} ] || . ${kept}; set -euo pipefail\n${text}\nset +e; declare -px | grep -v 'declare -[a-z]*r' > ${kept}`;
  const { stdout } = await runToEnd('bash', ['-c', script], {
    name: text,
    cwd: folder,
    env,
    longestMs: 120_000,
  });
  return stdout;
}

/** The packages that code imports. */
function importedPackages(code: string): readonly string[] {
  const names = [...code.matchAll(/(?:from|import|require\() ?'(?<name>[^'.][^']*)'/g)].map(
    ({ groups }) => groups?.['name'] ?? '',
  );
  const packages = names
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)];
}

function writeShown({ language, text, file }: CodeBlock, folder: string): void {
  if (file !== undefined) writeFileSync(join(folder, file), text);
  if (language === 'json') JSON.parse(text);
  if (language === 'yaml') parse(text);
}

/**
 * Copies a page into an empty folder and runs its blocks in order. Code goes to the file that the page or its
 * commands name; commands run in a shell, and their output must be the output on the page.
 *
 * `npm install` finds the packages in the kit, a folder with all packages that the pages install, and fails for any
 * other package.
 */
export async function copyPage(page: string, kit: string, reader: Reader): Promise<void> {
  const blocks = codeBlocks(page);
  const folder = mkdtempSync(join(kit, 'page-'));
  mkdirSync(join(folder, '.notes'));
  const installed = join(folder, '.notes', 'installed');
  writeFileSync(installed, '');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NO_COLOR: '1',
    NODE_OPTIONS: '',
    EVENTS_DB: '',
    ...reader.env,
    PATH: `${shims}:${process.env['PATH'] ?? ''}`,
    PATH_BEHIND: process.env['PATH'] ?? '',
    KIT: kit,
    NOTES: join(folder, '.notes'),
  };
  delete env['EVENTS_DB'];
  for (const name of readdirSync(shims)) chmodSync(join(shims, name), 0o755);
  const whole = blocks.map(({ text }) => text).join('\n');
  for (const name of Object.keys(reader.names ?? {})) expect(whole).to.include(name);

  const sources = new Set(
    blocks.flatMap(({ source }) => (source === undefined ? [] : [source.split('#')[0]])),
  );
  const [program] = [...whole.matchAll(/^npx tsx (?<file>\S+)$/gm)].map(({ groups }) => groups?.['file']);
  const elsewhere = new Set(Object.keys(reader.elsewhere ?? {}));
  let printed = '';
  try {
    for (const block of blocks) {
      const { language, source, output, line } = block;
      const text = source === undefined ? replaced(block.text, reader.names) : block.text;
      const first = text.split('\n')[0] ?? '';
      if (source !== undefined) {
        const file = source.split('#')[0] ?? '';
        const name = sources.size === 1 && program !== undefined ? program : basename(file);
        appendFileSync(join(folder, name), `${text}\n`);
      } else if (language === 'sh')
        if (elsewhere.delete(first)) printed = '';
        else {
          printed = await runShell(text, folder, env);
          // A reader may run a program of the page several times.
          if (text.startsWith('npx tsx ')) expect(await runShell(text, folder, env)).to.equal(printed);
        }
      else if (output !== undefined) expect(printed, `${page}:${line}`).to.equal(text);
      else {
        expect(shown, `${page}:${line}`).to.include(language);
        writeShown({ ...block, text }, folder);
      }
    }
    expect([...elsewhere], 'blocks that are gone').to.deep.equal([]);
    const files = readdirSync(folder).filter((name) => /\.[mc]?[jt]s$/.test(name));
    const imported = files.flatMap((name) => importedPackages(readFileSync(join(folder, name), 'utf8')));
    const has = readFileSync(installed, 'utf8').split('\n');
    expect(
      imported.filter((name) => !has.includes(name)),
      'the page does not install it',
    ).to.deep.equal([]);
  } finally {
    const programs = join(folder, '.notes', 'programs');
    if (existsSync(programs))
      for (const id of readFileSync(programs, 'utf8').split('\n').filter(Boolean))
        process.kill(Number(id), 'SIGTERM');
  }
}
