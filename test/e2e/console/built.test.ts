import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { closeAfterTest } from '../../support/closings.js';

const mostBytes = 150_000;

describe('the built page of the console', () => {
  it('is at most 150 kB compressed, names no other origin, and has no inline script or style', async () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const page = folder.file('page');
    await promisify(execFile)(process.execPath, ['.ci/console.js', page]);
    const files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(page, name)).isFile(),
    );
    const text = (name: string) => readFileSync(join(page, name), 'utf8');
    expect(files.sort()).to.deep.equal([
      'LICENSES.txt',
      'assets/app.css',
      'assets/app.js',
      'assets/icon.svg',
      'index.html',
    ]);
    const bytes = files.reduce((sum, name) => sum + gzipSync(text(name)).length, 0);
    expect(bytes).to.be.below(mostBytes);
    const html = text('index.html');
    expect(html).not.to.match(/<style|style=|\son[a-z]+=|<script(?![^>]* src="assets\/app\.js")/);
    expect([...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address).sort()).to.deep.equal([
      'assets/app.css',
      'assets/app.js',
      'assets/icon.svg',
    ]);
    // Names of XML name spaces look like URLs, but are never requested.
    const addresses = [...text('assets/app.js').matchAll(/https?:\/\/[^\s"'`)]+/g)].map(
      ([address]) => address,
    );
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).to.deep.equal([
      'https://policy.example/orders',
    ]);
    expect(text('assets/app.css')).not.to.match(/url\(|@import/);
    for (const name of ['preact', 'd3-scale', 'd3-shape'])
      expect(text('LICENSES.txt')).to.include(`${name}\n`);
  });
});
