import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for one test. */
export function temporaryFolder(): { readonly file: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'event-store-'));
  return {
    file: (name) => join(folder, name),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
