import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

/**
 * Loads generated messages of a package with a global scope of their own. They register themselves under global
 * names, and both clients of the protocol use the same names: the double must not touch those of the client under
 * test.
 *
 * @returns loads a module by its path inside the package
 */
export const isolatedModules = (packageName: string): ((path: string) => unknown) => {
  // The messages of google are the same for both.
  const proto = Object.defineProperty({}, 'google', {
    get: () => (globalThis as { readonly proto?: { readonly google?: unknown } }).proto?.google,
  });
  const scope = { proto };
  const loaded = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} as unknown };
    loaded.set(file, module);
    const own = createRequire(file);
    const require = (name: string): unknown => (name.startsWith('.') ? load(own.resolve(name)) : own(name));
    // In strict mode the modules use the parameter `global` in place of the real global object.
    const run = compileFunction(
      `'use strict';${readFileSync(file, 'utf8')}`,
      ['exports', 'require', 'module', 'global', 'proto'],
      { filename: file },
    ) as (...values: unknown[]) => void;
    run(module.exports, require, module, scope, proto);
    return module.exports;
  };
  const { resolve } = createRequire(import.meta.url);
  return (path) => load(resolve(`${packageName}/${path}`));
};
