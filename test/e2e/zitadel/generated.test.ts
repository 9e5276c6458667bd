import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, generatedFolder } from '../../zitadel/generate.js';

describe('the generated code of the ActionService', () => {
  it('is the output of npm run generate:proto', async () => {
    const generated = await generate();
    expect(readdirSync(generatedFolder).sort()).to.deep.equal([...generated.keys()]);
    for (const [name, code] of generated)
      expect(readFileSync(join(generatedFolder, name), 'utf8'), name).to.equal(code);
  });
});
