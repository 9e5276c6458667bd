import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { runProgram, useProgram } from './program.js';
import { runHere } from './runHere.js';
import { openPlace, type Place } from './stores.js';

/** Records every import of the program that is neither one of its own files nor a module of Node. */
const loader = (notes: string): string => `
  import { appendFileSync } from 'node:fs';
  import { isBuiltin } from 'node:module';
  export async function resolve(specifier, context, next) {
    if (!context.parentURL?.includes('/node_modules/') && !/^(?:[.]|file:)/.test(specifier) && !isBuiltin(specifier))
      appendFileSync(${JSON.stringify(notes)}, specifier + '\\n');
    return next(specifier, context);
  }`;

/** Registers a loader before the program starts. */
function loadedBy({ env, file }: Place, source: string): Readonly<Record<string, string>> {
  writeFileSync(file('loader.mjs'), source);
  writeFileSync(
    file('register.mjs'),
    "import { register } from 'node:module'; register('./loader.mjs', import.meta.url);",
  );
  return { ...env, NODE_OPTIONS: `--import=${pathToFileURL(file('register.mjs')).href}` };
}

/** A machine without the packages of Connect. */
const withoutConnect = `
  export async function resolve(specifier, context, next) {
    if (!specifier.startsWith('@connectrpc/')) return next(specifier, context);
    throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;

/** The packages that the program loads for a command line. */
async function packagesOf(place: Place, parameters: readonly string[]): Promise<readonly string[]> {
  const notes = place.file(`loaded-${parameters.join('-').replaceAll('/', '_')}.txt`);
  const run = await runProgram(parameters, { env: loadedBy(place, loader(notes)) });
  expect([run.status, run.stderr], parameters.join(' ')).to.deep.equal([0, '']);
  const specifiers = existsSync(notes) ? readFileSync(notes, 'utf8').trimEnd().split('\n') : [];
  return [...new Set(specifiers)].sort();
}

describe('the start of the program', () => {
  useProgram();

  it('loads commander alone, where the user asks for help, the version or completion', async () => {
    const place = await openPlace('SQLite');
    for (const parameters of [
      ['--help'],
      ['--version'],
      ['help', 'apply'],
      ['targets', 'add', '--help'],
      ['completion', 'bash'],
      ['backtest', '--help'],
      ['__complete', '--', 'targets', ''],
    ])
      expect(await packagesOf(place, parameters), parameters.join(' ')).to.deep.equal(['commander']);
  });

  it('loads nothing of other stores, of files or of payloads that a command does not need', async () => {
    const place = await openPlace('SQLite');
    await runHere(['apply', '-', '--yes'], place.env, '{}');
    const loaded = await packagesOf(place, ['targets', 'list', '--json']);
    expect(loaded).to.include.members(['commander', 'zod', 'axios']);
    for (const name of ['@eventstore/db-client', 'yaml', '@grpc/grpc-js'])
      expect(loaded).to.not.include(name);
  });

  it('says which packages serve needs where they are not installed', async () => {
    const place = await openPlace('SQLite');
    writeFileSync(place.file('tokens.json'), '{ "tokens": [] }', { mode: 0o600 });
    const parameters = ['serve', '--token-file', place.file('tokens.json'), '--json'];
    const run = await runProgram(parameters, { env: loadedBy(place, withoutConnect) });
    expect(run).to.include({ status: 1, stdout: '' });
    const { error } = JSON.parse(run.stderr) as { readonly error: Readonly<Record<string, string>> };
    expect(error['code']).to.equal('MISSING_DEPENDENCY');
    expect(error['message']).to.include('npm install @connectrpc/connect @connectrpc/connect-node');
  });
});
