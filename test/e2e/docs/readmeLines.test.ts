import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { region } from '../../docs/examples.js';

/** A folder of this package, whose programs can import it by its name. */
const folder = join('test/output', `readme-${process.pid}`);

describe('the lines of the README', () => {
  before(() => mkdirSync(folder, { recursive: true }));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('run a second time with a file as the store, where the target exists already', async () => {
    const lines = region('examples/embed.ts#embed');
    const store = 'memoryEventStore()';
    expect(lines.split(store)).to.have.length(2);
    const path = JSON.stringify(join(folder, 'events.db'));
    const withFile = lines
      .replace(store, `sqliteEventStore({ path: ${path} })`)
      .replace('memoryEventStore } from', '} from');
    const program = join(folder, 'orders.ts');
    writeFileSync(program, `import { sqliteEventStore } from 'eventstore-actions/sqlite';\n${withFile}`);
    for (const run of ['first', 'second', 'third']) {
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program]);
      expect(stdout, run).to.equal('412 network\n');
    }
  });
});
