/**
 * Writes what `require` finds beside the ES modules in dist, for every subpath of package.json: a module that hands on the
 * ES module, so that a process has one copy of everything, and declarations that TypeScript accepts in CommonJS from 5.3 on.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';

const entries = Object.values(JSON.parse(readFileSync('package.json', 'utf8')).exports).filter(
  (entry) => typeof entry !== 'string',
);

const program = ts.createProgram(
  entries.map(({ types }) => types),
  { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true },
);
const checker = program.getTypeChecker();

/** The names that a module exports, each with whether it is a value, a type or both. */
function exportsOf(path) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(path));
  return checker.getExportsOfModule(module).map((symbol) => {
    const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return { name: symbol.name, isValue: flags & ts.SymbolFlags.Value, isType: flags & ts.SymbolFlags.Type };
  });
}

for (const { types, default: file } of entries) {
  const name = file.slice(file.lastIndexOf('/') + 1);
  writeFileSync(file.replace(/\.js$/, '.cjs'), `module.exports = require('./${name}');\n`);
  const mode = `with { 'resolution-mode': 'import' }`;
  const found = exportsOf(types);
  const typesOnly = found.filter(({ isValue }) => !isValue).map((each) => each.name);
  const values = found.filter(({ isValue }) => isValue);
  const lines = [
    `import type * as all from './${name}' ${mode};`,
    ...(typesOnly.length > 0 ? [`export type { ${typesOnly.join(', ')} } from './${name}' ${mode};`] : []),
    ...values.map((each) => `declare const ${each.name}: typeof all.${each.name};`),
    ...values.filter(({ isType }) => isType).map((each) => `type ${each.name} = all.${each.name};`),
    `export { ${values.map((each) => each.name).join(', ')} };`,
  ];
  writeFileSync(types.replace(/\.ts$/, '.cts'), `${lines.join('\n')}\n`);
}
