import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const protoFolder = fileURLToPath(new URL('../../src/zitadel/proto/', import.meta.url));
export const generatedFolder = fileURLToPath(new URL('../../src/zitadel/generated/', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

const template = (out: string) => ({
  version: 'v2',
  plugins: [{ local: 'protoc-gen-es', out, opt: ['target=ts', 'import_extension=js'] }],
});

/** An object of constants and the union of its values in the place of each enum, which Node cannot strip. */
const withoutEnums = (code: string): string =>
  code.replaceAll(/export enum (\w+) \{\n([\s\S]*?)\n\}\n/g, (_all, name: string, body: string) => {
    const members = body.replaceAll(/^( +\w+) = (\d+),$/gm, '$1: $2,');
    return `export const ${name} = {\n${members}\n} as const;\nexport type ${name} = (typeof ${name})[keyof typeof ${name}];\n`;
  });

/** What protoc-gen-es makes of the proto files, by file name. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'eventstore-actions-proto-'));
  try {
    const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    execFileSync('buf', ['generate', protoFolder, '--template', JSON.stringify(template(folder))], {
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 60_000,
    });
    const files = new Map<string, string>();
    for (const name of readdirSync(folder).sort()) {
      const path = join(generatedFolder, name);
      const code = withoutEnums(readFileSync(join(folder, name), 'utf8'));
      files.set(name, await format(code, { ...(await resolveConfig(path)), filepath: path }));
    }
    return files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, code] of await generate()) writeFileSync(join(generatedFolder, name), code);
