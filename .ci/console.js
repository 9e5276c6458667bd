/**
 * Writes the page of the operators' console: `node .ci/console.js [folder]`, dist/console/page where none is named.
 * Everything that the page needs stands in this folder.
 */
import { Buffer } from 'node:buffer';
import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';

const source = 'src/console/page';
const folder = argv[2] ?? 'dist/console/page';
const common = { bundle: true, minify: true, write: true, legalComments: 'none', logLevel: 'warning' };

mkdirSync(join(folder, 'assets'), { recursive: true });
const { metafile } = await build({
  ...common,
  entryPoints: [`${source}/main.tsx`],
  outfile: join(folder, 'assets/app.js'),
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  metafile: true,
});
await build({
  ...common,
  entryPoints: [`${source}/styles/app.css`],
  outfile: join(folder, 'assets/app.css'),
  plugins: [
    {
      // The style of the charts is that of the page of a backtest.
      name: 'charts',
      setup(esbuild) {
        esbuild.onResolve({ filter: /^charts$/ }, () => ({ path: 'charts', namespace: 'charts' }));
        esbuild.onLoad({ filter: /./, namespace: 'charts' }, async () => {
          const compiled = await build({
            entryPoints: ['src/charts/chartStyle.ts'],
            bundle: true,
            format: 'esm',
            write: false,
          });
          const url = `data:text/javascript;base64,${Buffer.from(compiled.outputFiles[0].contents).toString('base64')}`;
          const { chartStyle, lightColours, darkColours } = await import(url);
          const colours = `:root{${lightColours}}@media (prefers-color-scheme:dark){:root{${darkColours}}}`;
          return { contents: colours + chartStyle, loader: 'css' };
        });
      },
    },
  ],
});
copyFileSync(join(source, 'index.html'), join(folder, 'index.html'));
copyFileSync(join(source, 'icon.svg'), join(folder, 'assets/icon.svg'));

const packages = Object.keys(metafile.inputs)
  .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
  .filter((name) => name !== undefined);
const licences = [...new Set(packages)].sort().map((name) => {
  const place = join('node_modules', name);
  const file = existsSync(place) && readdirSync(place).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} is part of the page, and has no licence`);
  return `${name}\n\n${readFileSync(join(place, file), 'utf8').trim()}\n`;
});
writeFileSync(join(folder, 'LICENSES.txt'), licences.join(`\n${'-'.repeat(78)}\n\n`));
