// The driver of SQLite is resolved from this file. `import.meta` is not used, since compilers to CommonJS (Jest)
// cannot read it. A bundle of ES modules has no `__filename`: there the driver is resolved from the started
// program.
module.exports = {
  here: typeof __filename === 'string' ? __filename : (process.argv[1] ?? `${process.cwd()}/`),
};
