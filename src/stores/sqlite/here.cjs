// The driver of SQLite is looked for from here. Not by `import.meta`, which what compiles this package to CommonJS (Jest)
// cannot read. A bundle of ES modules has no `__filename`: there it is looked for from the program that was started.
module.exports = {
  here: typeof __filename === 'string' ? __filename : (process.argv[1] ?? `${process.cwd()}/`),
};
