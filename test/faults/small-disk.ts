/**
 * A disk that can be filled to the last byte: a tmpfs of fixed size, mounted for one test. That takes root and the right to
 * mount; NO_SMALL_DISK says what is missing.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  /** An empty folder on it, which everybody may pass. */
  readonly folder: string;
  /** Takes all room there is: the next block that anybody wants is refused with ENOSPC. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  unmount(): void;
}

/** Why there can be no such disk here, or false. */
export const NO_SMALL_DISK: string | false = whyNot();

export function mountSmallDisk(mebibytes: number): SmallDisk {
  const point = mkdtempSync(join(tmpdir(), 'causeway-disk-'));
  const complaint = mount(point, mebibytes);
  if (complaint !== null) throw new Error(complaint);
  const folder = join(point, 'folder');
  mkdirSync(folder);
  for (const path of [point, folder]) chmodSync(path, 0o755); // as root, the user postgres has to pass
  const filler = join(point, 'filler');
  return {
    folder,
    fill: () => fillUp(filler),
    free: () => rmSync(filler, { force: true }),
    unmount: () => {
      spawnSync('umount', [point]);
      rmdirSync(point);
    },
  };
}

function whyNot(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux to mount a small disk';
  const point = mkdtempSync(join(tmpdir(), 'causeway-disk-'));
  const complaint = mount(point, 1);
  if (complaint === null) spawnSync('umount', [point]);
  rmdirSync(point);
  return complaint ?? false;
}

/** What mount said when it failed, else null. */
function mount(point: string, mebibytes: number): string | null {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', point], {
    encoding: 'utf8',
  });
  return status === 0 ? null : `no small disk can be mounted: ${(stderr ?? 'no mount command').trim()}`;
}

/** Large pieces first, then whole blocks, until not one is left. */
function fillUp(file: string): void {
  const descriptor = openSync(file, 'a');
  for (const bytes of [1_048_576, 4_096]) {
    const piece = Buffer.alloc(bytes);
    while (hasWritten(descriptor, piece));
  }
  closeSync(descriptor);
}

function hasWritten(descriptor: number, piece: Buffer): boolean {
  try {
    return writeSync(descriptor, piece) === piece.length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
