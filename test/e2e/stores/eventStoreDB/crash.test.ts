import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compiled } from '../../support/compiled.js';

const program = fileURLToPath(new URL('crashProgram.ts', import.meta.url));

async function run(
  how: 'bare' | 'port',
  scenario: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const file = await compiled(program);
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file, how, scenario], (_, output) => {
      resolve({ code: child.exitCode, output });
    });
  });
}

describe('inputs that end the process with the client alone', function () {
  this.timeout(120_000);

  const answers = {
    'a bigint in the data': 'INVALID_ARGUMENT',
    'a cycle in the data': 'INVALID_ARGUMENT',
    'no data': 'INVALID_ARGUMENT',
    'an empty type': 'INVALID_ARGUMENT',
    'an id that is no UUID': 'INVALID_ARGUMENT',
    'a late reply': 'appended',
  };
  for (const [scenario, answer] of Object.entries(answers))
    it(`${scenario}: the store answers ${answer} and goes on`, async () => {
      const [bare, guarded] = await Promise.all([run('bare', scenario), run('port', scenario)]);
      expect(bare.code, 'the client alone').to.equal(1);
      expect(guarded, 'the store').to.deep.equal({ code: 0, output: JSON.stringify({ answer, next: '0' }) });
    });
});
