import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';
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

/** Compiles a strict consumer that also checks the declarations themselves; throws with the compiler's errors. */
export function compile(
  consumer: string,
  project: string,
  name: string,
  moduleResolution: 'node16' | 'bundler',
): void {
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
  run(process.execPath, [join(project, 'node_modules/typescript/bin/tsc'), '-p', '.'], consumer);
}
