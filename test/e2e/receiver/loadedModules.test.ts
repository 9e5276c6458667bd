import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { createJwtKeys } from '../../../src/signing/jwtKeys.js';
import { drawKey, now, requestBody, signedCall } from '../../receiver/support.js';

const root = pathToFileURL(`${process.cwd()}/`).href;
/** The loader of TypeScript, which a user's process does not have. */
const toolChain = ['tsx', 'esbuild', 'get-tsconfig', 'resolve-pkg-maps'];

/** Every module that a separate process loads to read a call, as V8 reports it. */
function loadedToRead(
  body: string,
  options: object,
): { readonly files: string[]; readonly packages: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
  const key = drawKey();
  const call = signedCall([key], body);
  const script = `
    import { createReceiver } from 'eventstore-actions/receiver';
    const receiver = createReceiver({ signingKeys: ['${key}'], now: () => ${now}, ...${JSON.stringify(options)} });
    const { kind } = await receiver.read(${JSON.stringify(call)});
    process.stdout.write(kind);`;
  try {
    const output = execFileSync(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { env: { ...process.env, NODE_V8_COVERAGE: folder }, encoding: 'utf8' },
    );
    expect(output).to.equal('request');
    const urls = readdirSync(folder).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        result: { url: string }[];
      };
      return result.map(({ url }) => url).filter((url) => url.startsWith(root));
    });
    const paths = [...new Set(urls.map((url) => url.slice(root.length).replace(/\?.*$/, '')))];
    const packages = paths.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    return {
      files: paths.filter((path) => path.startsWith('src/')),
      packages: [...new Set(packages)].filter((name) => !toolChain.includes(name)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the receiver subpath', () => {
  it('loads its own files and no package to read json', () => {
    const { files, packages } = loadedToRead(requestBody, {});
    expect(files).to.include('src/receiver/receiver.ts').and.to.include('src/errors.ts');
    const foreign = files.filter((file) => !file.startsWith('src/receiver/'));
    expect(foreign).to.have.members([
      'src/errors.ts',
      'src/lib/bodyCollector.ts',
      'src/lib/json/json.ts',
      'src/lib/reading/depthHeader.ts',
      'src/lib/reading/drawBytes.ts',
      'src/lib/reading/readOptions.ts',
      'src/lib/reading/nearestName.ts',
      'src/lib/reading/reading.ts',
      'src/lib/reading/shownValue.ts',
      'src/lib/shown/figures.ts',
      'src/lib/shown/printable.ts',
      'src/lib/shown/shownText.ts',
      'src/lib/shown/unseen.ts',
      'src/signing/hmacKey.ts',
      'src/signing/privateKey.ts',
      'src/signing/signingKey.ts',
    ]);
    expect(packages).to.deep.equal([]);
  });

  it('loads jose, and nothing else, for the first jwt', async () => {
    const jwtKeys = createJwtKeys({
      activeKeyID: 'k1',
      keys: { k1: generateKeyPairSync('ed25519').privateKey },
    });
    const { packages } = loadedToRead(await jwtKeys.sign(requestBody), { jwks: jwtKeys.jwks() });
    expect(packages).to.deep.equal(['jose']);
  });
});
