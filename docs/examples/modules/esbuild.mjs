// #region esbuild
import { build } from 'esbuild';

const common = { entryPoints: ['main.ts'], bundle: true, platform: 'node', logLevel: 'error' };

await build({ ...common, format: 'cjs', outfile: 'bundle.cjs' });

// A bundle of ES modules has no `require`, which the CommonJS packages in it call.
await build({
  ...common,
  format: 'esm',
  outfile: 'bundle.mjs',
  banner: {
    js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
  },
});
// #endregion esbuild
