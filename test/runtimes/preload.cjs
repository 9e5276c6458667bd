// Loaded before everything else in each process of a run on another Node: see run.ts.
const { appendFileSync } = require('node:fs');
const { registerHooks } = require('node:module');
const { pathToFileURL } = require('node:url');

const { RUNTIME_SQLITE: sqlite, RUNTIME_DEPRECATIONS: deprecations } = process.env;

// better-sqlite3 of this repository is built for the Node that installed it.
if (sqlite)
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'better-sqlite3' ? next(pathToFileURL(sqlite).href, context) : next(specifier, context),
  });

process.on('warning', ({ name, message, stack = '' }) => {
  // Deprecations in packages are ignored: the nearest frame outside of Node tells where the call is.
  const frame = stack.split('\n').find((line) => line.includes('at ') && !line.includes('node:'));
  if (name !== 'DeprecationWarning' || !frame || frame.includes('node_modules')) return;
  appendFileSync(deprecations, `${message.split('\n')[0]} ${frame.trim()}\n`);
});
