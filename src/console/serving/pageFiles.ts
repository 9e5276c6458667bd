import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly etag: string;
  readonly body: Buffer;
}

/** The files by their paths below the page, such as `app.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

const built = import.meta.url.endsWith('.ts') ? '../../../dist/console/page' : '../page';

/** The folder where the build puts the page. */
export const pageFolder = (): string => fileURLToPath(new URL(built, import.meta.url));

/**
 * Reads the files of the page into memory, so that a request can only name one of them. Empty where the page is not built.
 */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  let names: readonly string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return files;
  }
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const body = readFileSync(join(folder, name));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    files.set(name.split(sep).join('/'), { type, etag, body });
  }
  return files;
}
