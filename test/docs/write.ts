/** Writes the code and the output that the pages name into them: `npm run docs:write`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referencePages } from '../cli/referencePages.js';
import { errorsPage } from './errorsPage.js';
import { optionsPage } from './optionsPage.js';
import { stopSharedPostgres } from '../e2e/stores/postgres/postgresServer.js';
import { examples, region, runExample } from './examples.js';
import { pages, withTexts } from './pages.js';

const outputs = new Map<string, string>();
for (const example of examples) outputs.set(example, await runExample(example));

for (const page of pages)
  writeFileSync(
    page,
    withTexts(page, ({ source, output }) => {
      if (source !== undefined) return region(source);
      return output === undefined ? undefined : outputs.get(join('docs', output));
    }),
  );

for (const [path, text] of Object.entries(await referencePages())) writeFileSync(path, text);
writeFileSync('docs/reference/options.md', await optionsPage());
writeFileSync('docs/reference/errors.md', await errorsPage());
await stopSharedPostgres();
