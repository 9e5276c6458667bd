import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small file system in memory. */
export interface SmallDisk {
  readonly path: string;
  /** A folder of the disk that a process of this user may write to. */
  folderOf(owner: { readonly uid: number; readonly gid: number }): string;
  /** Fills the disk. */
  fill(): void;
  /** Removes the file of `fill`. */
  free(): void;
  /** Enlarges the disk. */
  grow(mebibytes: number): void;
  unmount(): void;
}

/** Mounts a disk of so many MiB; `undefined` where this process may not mount. */
export function mountSmallDisk(mebibytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    rmdirSync(path);
    return undefined;
  }
  chmodSync(path, 0o777);
  const ballast = join(path, 'ballast');
  return {
    path,
    folderOf({ uid, gid }) {
      const folder = mkdtempSync(join(path, 'own-'));
      chownSync(folder, uid, gid);
      return folder;
    },
    fill() {
      try {
        execFileSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k'], { stdio: 'ignore' });
      } catch {
        // Writing ends when no room is left.
        return;
      }
      throw new Error('the disk has no end');
    },
    free() {
      rmSync(ballast, { force: true });
    },
    grow(more) {
      execFileSync('mount', ['-o', `remount,size=${more}m`, path], { stdio: 'ignore' });
    },
    unmount() {
      execFileSync('umount', ['-l', path], { stdio: 'ignore' });
      rmdirSync(path);
    },
  };
}
