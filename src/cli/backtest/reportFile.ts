import { constants } from 'node:fs';
import { access, lstat, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from '../../errors.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import { pageBeginning } from './reporting/html/pageBeginning.js';

const refuse = (command: Command, path: string): never =>
  command.error(
    `error: --html ${path}: the file exists and is not a report of a backtest; it was not changed; name a new file, or a report to replace`,
  );

const unwritable = (path: string, error: unknown): InvalidArgumentError =>
  new InvalidArgumentError(`${path} cannot be written (${errorCodeOf(error)})`, { cause: error });

/** Refuses any file that is not a report, such as the store or a key file. */
async function assertReport(command: Command, file: FileHandle, path: string): Promise<void> {
  if (!(await file.stat()).isFile()) refuse(command, path);
  const expected = Buffer.from(pageBeginning);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(expected.length), 0, expected.length, 0);
  if (!buffer.subarray(0, bytesRead).equals(expected)) refuse(command, path);
}

/** Opens the report that stands at the path; `undefined` where the path is free. */
async function openReport(command: Command, path: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') throw unwritable(path, error);
    // A link to a missing file stands in the way, too.
    if (await lstat(path).catch(() => undefined)) refuse(command, path);
    return undefined;
  }
  try {
    await assertReport(command, file, path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Checks before the run that the report can be written. Changes nothing. */
export async function assertReportPath(command: Command, path: string): Promise<void> {
  const report = await openReport(command, path);
  if (report) return report.close();
  try {
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** Writes a new file, or into the very file that it has just read as a report: no other file can come in between. */
export async function writeReport(command: Command, path: string, page: string): Promise<void> {
  const file = (await openReport(command, path)) ?? (await createReport(command, path));
  try {
    await file.truncate(0);
    await file.writeFile(page);
  } finally {
    await file.close();
  }
}

async function createReport(command: Command, path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return refuse(command, path);
    throw unwritable(path, error);
  }
}
