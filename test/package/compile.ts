import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runAnyway } from './run.js';
import { surface } from './surface.js';

/** A file that names every promised value and type, and uses the library as the README does. */
const consumerSource = (name: string): string =>
  [
    ...Object.entries(surface).flatMap(([subpath, { values, types }], index) => [
      `import * as subpath${index} from '${join(name, subpath)}';`,
      ...values.map((value) => `export const ${value}${index} = subpath${index}.${value};`),
      ...types.map((type) => `export type ${type}${index} = subpath${index}.${type};`),
    ]),
  ].join('\n');

/**
 * Errors in declarations of other packages are ignored: those of @eventstore/db-client do not fit newer ones of
 * Node.
 */
const isOurs = (error: string, name: string): boolean =>
  !error.startsWith('node_modules/') || error.startsWith(`node_modules/${name}/`);

/** Compiles a strict consumer that also checks the declarations themselves; returns the errors of this package. */
export function compile(
  consumer: string,
  project: string,
  name: string,
  moduleResolution: 'node16' | 'bundler',
): readonly string[] {
  writeFileSync(join(consumer, 'consumer.ts'), consumerSource(name));
  writeFileSync(
    join(consumer, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        target: 'ES2022',
        lib: ['ES2023', 'ESNext.Disposable'],
        module: moduleResolution === 'node16' ? 'node16' : 'esnext',
        moduleResolution,
        types: ['node'],
      },
      files: ['consumer.ts'],
    }),
  );
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const { status, output } = runAnyway(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], consumer);
  const errors = output.split('\n').filter((line) => line.includes('error TS'));
  if (status !== 0 && errors.length === 0) return [output];
  return errors.filter((error) => isOurs(error, name));
}
