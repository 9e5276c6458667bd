import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A file and its text. */
type Source = readonly [file: string, text: string];

const exported =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|class|interface|type|let) (?<name>\w+)/gm;
const named = /^(?:import|export)(?: type)? \{(?<names>[^}]*)\} from '(?<from>\.[^']+)'/gm;
/** `import * as`, `await import()` and the type `import()`, which name no export: each export counts as used. */
const whole = /(?:\* as \w+ from|import\() ?'(?<from>\.[^']+)'/g;
const everything = '*';

/** A specifier names a file of JavaScript; the file that it is compiled from ends in .ts or .tsx. */
const withoutEnd = (file: string): string => file.replace(/\.(?:js|tsx?)$/, '');
const importedBy = (file: string, from: string): string => withoutEnd(normalize(join(dirname(file), from)));

function usesOf(sources: readonly Source[]): ReadonlySet<string> {
  const uses = new Set<string>();
  for (const [file, text] of sources) {
    for (const { groups: { names = '', from = '' } = {} } of text.matchAll(named))
      for (const name of names.split(','))
        uses.add(
          `${importedBy(file, from)}: ${name
            .trim()
            .replace(/^type /, '')
            .replace(/ as .*$/, '')}`,
        );
    for (const { groups: { from = '' } = {} } of text.matchAll(whole))
      uses.add(`${importedBy(file, from)}: ${everything}`);
  }
  return uses;
}

/**
 * The exports of the files of a folder that no other file imports, as `src/file.ts: name`. Generated files are left out, and
 * texts in backticks, which may be programs with exports of their own.
 */
export function exportsWithoutUse(folder: 'src' | 'test', sources: readonly Source[]): readonly string[] {
  const uses = usesOf(sources);
  return sources
    .filter(([file]) => file.startsWith(`${folder}/`) && !file.includes('/generated/'))
    .filter(([file]) => !uses.has(`${withoutEnd(file)}: ${everything}`))
    .flatMap(([file, text]) =>
      [...text.replaceAll(/`[^`]*`/g, '``').matchAll(exported)]
        .map(({ groups }) => groups?.['name'] ?? '')
        .filter((name) => !uses.has(`${withoutEnd(file)}: ${name}`))
        .map((name) => `${file}: ${name}`),
    );
}

export const sourcesIn = (folder: string, files: readonly string[]): readonly Source[] =>
  files.map((file) => [`${folder}/${file}`, readFileSync(`${folder}/${file}`, 'utf8')] as const);
