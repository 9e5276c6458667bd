import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own, in memory. */
export interface SmallDisk {
  readonly path: string;
  /** A folder of it, that a process of this user may write to. */
  folderOf(owner: { readonly uid: number; readonly gid: number }): string;
  /** Takes all of its room. */
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
  /** Gives it more room. */
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
        // There is no room left: this is how it ends.
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
