#!/usr/bin/env node
import { run } from './run.js';

const exitCode = await run(process.argv.slice(2), process);
// A failed write to stdout has set it.
process.exitCode ??= exitCode;
