import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';

/** A loader that notes every package which a file of the package under test imports by itself. */
const loader = (name: string, notes: string): string => `
  import { appendFileSync } from 'node:fs';
  import { isBuiltin } from 'node:module';
  export async function resolve(specifier, context, next) {
    if (context.parentURL?.includes('/node_modules/${name}/') && !specifier.startsWith('.') && !isBuiltin(specifier))
      appendFileSync(${JSON.stringify(notes)}, specifier + '\\n');
    return next(specifier, context);
  }`;

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Imports one subpath in a separate Node process. Returns its exports, and the loaded packages. */
export function importInNode(
  consumer: string,
  name: string,
  subpath: string,
): { readonly names: readonly string[]; readonly loaded: readonly string[] } {
  const notes = join(consumer, 'loaded.txt');
  rmSync(notes, { force: true });
  writeFileSync(join(consumer, 'loader.mjs'), loader(name, notes));
  writeFileSync(
    join(consumer, 'import.mjs'),
    `import { register } from 'node:module';
     register('./loader.mjs', import.meta.url);
     console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(join(name, subpath))}))));`,
  );
  const names = JSON.parse(run(process.execPath, ['import.mjs'], consumer)) as string[];
  const specifiers = existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').filter(Boolean) : [];
  return { names, loaded: [...new Set(specifiers.map(packageOf))].sort() };
}
