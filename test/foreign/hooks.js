import process from 'node:process';
// Runs in the thread that resolves modules. Replaces the store of Emmett's own suites by the hooked one.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL, URL } from 'node:url';

const store = '/packages/emmett/src/eventStore/inMemoryEventStore.ts';
const hooked = new URL('hookedStore.ts', import.meta.url).href;
const sources = pathToFileURL(`${process.env.EMMETT_FOLDER}/src/packages/emmett/src/`);

export async function resolve(specifier, context, next) {
  if (specifier === '@event-driven-io/emmett') return next(new URL('index.ts', sources).href, context);
  const isForeign = context.parentURL?.startsWith(new URL('../..', sources).href) === true;
  // A clone without `npm install` uses the packages of this repository.
  if (isForeign && /^[a-z@]/.test(specifier) && !specifier.startsWith('node:'))
    try {
      return await next(specifier, context);
    } catch {
      return next(specifier, { ...context, parentURL: import.meta.url });
    }
  // CommonJS-like specifiers without an extension, as its build resolves them.
  const found = await next(specifier, context);
  if (process.env.EMMETT_HOOK !== 'off' && found.url.endsWith(store) && context.parentURL !== hooked)
    return existsSync(fileURLToPath(found.url))
      ? { url: hooked, format: 'module', shortCircuit: true }
      : found;
  return found;
}
