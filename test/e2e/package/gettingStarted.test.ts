import { expect } from 'chai';
import { codeBlocks } from '../../docs/pages.js';
import { newProject, type Project } from './project.js';

const page = 'docs/getting-started.md';

describe('the getting-started page, copied into an empty folder', () => {
  let project: Project;

  before(async function () {
    this.timeout(300_000);
    project = await newProject(['better-sqlite3', 'tsx@4'], { type: 'module' });
  });
  after(() => {
    project.remove();
  });

  it('installs what the page says', () => {
    const [install] = codeBlocks(page).filter(({ language }) => language === 'sh');
    expect(install?.text).to.include('type=module').and.include('better-sqlite3').and.include('tsx');
  });

  it('runs as it stands, block after block, twice, and prints what the page says', async () => {
    const blocks = codeBlocks(page);
    const code = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);
    expect(code).to.have.length.above(5);
    const printed = blocks.find(({ output }) => output !== undefined)?.text;
    project.write({ 'orders.ts': code.join('\n') });
    for (const run of ['first', 'second'])
      expect(await project.node('node_modules/tsx/dist/cli.mjs', 'orders.ts'), run).to.equal(printed);
  }).timeout(120_000);
});
