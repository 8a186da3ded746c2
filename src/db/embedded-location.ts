/**
 * Decides where the embedded PostgreSQL's programs and data are and as whom they run. Normally: the npm package's
 * programs, data in DATA_DIR/postgres, the current user. PostgreSQL refuses to run as root, so root hands over to the user
 * `postgres`; when that user cannot reach the package or DATA_DIR (a checkout below a folder of mode 700), both go to
 * /var/lib/causeway/<16 hex of sha256(real DATA_DIR)> and DATA_DIR/location says so.
 * Invariant: an existing database is never taken over, moved or deleted here; two DATA_DIRs never share one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../base/fault.ts';
import { randomSecret } from '../base/random.ts';

/** A user by number; null is the current user. */
export type RunAs = { readonly uid: number; readonly gid: number } | null;

export interface EmbeddedLocation {
  /** Paths of the two programs. */
  readonly postgres: string;
  readonly initdb: string;
  /** The folder that holds `postgres/`, the database cluster. */
  readonly base: string;
  readonly cluster: string;
  readonly runAs: RunAs;
}

/** What the programs see of our environment: nothing. (Windows does not start programs without its own variables.) */
export const BARE_ENVIRONMENT: NodeJS.ProcessEnv | undefined =
  process.platform === 'win32' ? undefined : { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

const OUTSIDE_ROOT = '/var/lib/causeway';

/**
 * The location for this DATA_DIR, which exists. As root it may create the user `postgres` and copy the programs.
 * Throws a Fault that says what to do when the database cannot be run by anyone here.
 */
export async function locateEmbedded(dataDir: string, log: (line: string) => void): Promise<EmbeddedLocation> {
  const programs = await packagePrograms();
  const recorded = recordedBase(dataDir);
  const runAs = process.getuid?.() === 0 ? runAsForRoot(recorded ?? dataDir) : null;
  if (runAs === null) {
    const base = recorded ?? dataDir;
    assertOwnCluster(base);
    return { ...programs, base, cluster: join(base, 'postgres'), runAs };
  }
  const reachable = canRun(programs, runAs);
  const base =
    recorded ??
    (hasCluster(dataDir) || (reachable && canKeepFiles(dataDir, runAs)) ? dataDir : newOutsideBase(dataDir, log));
  const outside = base !== dataDir ? base : outsideFolder(dataDir);
  const copied = reachable && base === dataDir ? programs : copyPrograms(programs, { outside, dataDir, log });
  if (!canRun(copied, runAs)) throw unusable(`user ${runAs.uid} cannot run ${copied.postgres}`);
  if (!canKeepFiles(base, runAs)) {
    throw unusable(
      `user ${runAs.uid}, who owns ${base}/postgres, cannot reach it; let everyone pass the folders above (chmod o+x)`,
    );
  }
  return { ...copied, base, cluster: join(base, 'postgres'), runAs };
}

/** Deletes a temporary folder and what is kept outside for every DATA_DIR that it is or contains. */
export function removeEmbeddedData(folder: string): void {
  const real = fs.existsSync(folder) ? fs.realpathSync(folder) : folder;
  for (const name of fs.existsSync(OUTSIDE_ROOT) ? fs.readdirSync(OUTSIDE_ROOT) : []) {
    const owner = readText(join(OUTSIDE_ROOT, name, 'data-dir'));
    if (owner === real || owner?.startsWith(`${real}/`) === true) fs.rmSync(join(OUTSIDE_ROOT, name), REMOVE);
  }
  fs.rmSync(folder, REMOVE);
}

/** The PostgreSQL programs that work in this cluster folder, whoever started them. Without /proc: none are found. */
export function processesIn(cluster: string): readonly number[] {
  if (process.platform !== 'linux' || !fs.existsSync(cluster)) return [];
  const folder = fs.realpathSync(cluster);
  const isHere = (pid: string): boolean => {
    try {
      if (!/^(postgres|initdb)/.test(fs.readFileSync(`/proc/${pid}/comm`, 'utf8'))) return false;
      if (fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(`--pgdata=${cluster}`)) return true;
      return fs.readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false; // gone meanwhile, or another user's
    }
  };
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isHere(name))
    .map(Number);
}

/** Whether a folder holds a finished database cluster. */
export const hasCluster = (base: string): boolean => fs.existsSync(join(base, 'postgres', 'PG_VERSION'));

interface Programs {
  readonly postgres: string;
  readonly initdb: string;
}

const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const;

const unusable = (reason: string): Fault =>
  new Fault(
    'embedded_postgres_unusable',
    `The embedded PostgreSQL cannot run here: ${reason}. DATABASE_URL can name another PostgreSQL ≥ 15.`,
    {
      retryable: false,
    },
  );

async function packagePrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform's package has no types; these two paths are its documented exports.
    const { postgres, initdb } = (await import(name)) as Programs;
    return { postgres, initdb };
  } catch (cause) {
    throw new Fault(
      'embedded_postgres_missing',
      `There is no embedded PostgreSQL for this machine (${name}); set DATABASE_URL.`,
      {
        retryable: false,
        cause,
      },
    );
  }
}

/** Root runs existing data as its owner, new data as the user `postgres`. */
function runAsForRoot(base: string): NonNullable<RunAs> {
  if (!hasCluster(base)) return postgresUser();
  const { uid, gid } = fs.statSync(join(base, 'postgres'));
  if (uid === 0)
    throw unusable(`${base}/postgres belongs to root; give it to a user without privileges (chown -R postgres)`);
  return { uid, gid };
}

function postgresUser(): NonNullable<RunAs> {
  const existing = idsOf('postgres');
  if (existing !== null) return existing;
  const home = ['-d', '/nonexistent'];
  const created =
    (run('groupadd', ['-rf', 'postgres']) &&
      run('useradd', ['-r', '-g', 'postgres', ...home, '-s', '/bin/false', 'postgres'])) ||
    (run('addgroup', ['-S', 'postgres']) && run('adduser', ['-S', '-D', '-H', '-G', 'postgres', 'postgres'])); // BusyBox
  const ids = created ? idsOf('postgres') : null;
  if (ids === null)
    throw unusable(
      'PostgreSQL refuses to run as root, and the user `postgres` could not be created; start as another user',
    );
  return ids;
}

function idsOf(user: string): RunAs {
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    spawnSync('id', [flag, user], { encoding: 'utf8', env: BARE_ENVIRONMENT }),
  );
  if (uid?.status !== 0 || gid?.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

const run = (program: string, args: readonly string[], as: RunAs = null): boolean =>
  spawnSync(program, args, { stdio: 'ignore', cwd: '/', env: BARE_ENVIRONMENT, ...as }).status === 0;

/** Tried as that user, because modes, links, mounts and access lists all have a say. */
function canRun({ postgres, initdb }: Programs, as: RunAs): boolean {
  const share = join(dirname(dirname(postgres)), 'share', 'postgresql', 'postgres.bki');
  return run(postgres, ['--version'], as) && run(initdb, ['--version'], as) && run('test', ['-r', share], as);
}

function canKeepFiles(folder: string, as: NonNullable<RunAs>): boolean {
  const probe = join(folder, `.reach-${randomSecret(6)}`);
  try {
    fs.mkdirSync(probe, { mode: 0o700 });
    fs.chownSync(probe, as.uid, as.gid);
    return run('test', ['-w', probe, '-a', '-x', probe], as);
  } catch {
    return false; // a file system that knows no owners
  } finally {
    fs.rmSync(probe, REMOVE);
  }
}

/** Another user's cluster would only fail later, with less clear words. */
function assertOwnCluster(base: string): void {
  if (!hasCluster(base) || process.getuid === undefined) return;
  const { uid } = fs.statSync(join(base, 'postgres'));
  if (uid !== process.getuid())
    throw unusable(`${base}/postgres belongs to user ${uid}; start as that user or as root`);
}

/** The base that DATA_DIR/location names; null when there is no such file. Asserts that it is there and is ours. */
function recordedBase(dataDir: string): string | null {
  const base = readText(join(dataDir, 'location'));
  if (base === null) return null;
  if (!fs.existsSync(base)) {
    throw unusable(
      `${dataDir}/location says that the database is in ${base}, which is not there; restore it, or delete that file to begin anew`,
    );
  }
  const self = fs.realpathSync(dataDir);
  const owner = readText(join(base, 'data-dir'));
  if (owner !== null && owner !== self && readText(join(owner, 'location')) === base) {
    throw unusable(
      `${base} is the database of ${owner}; ${dataDir} is a copy of that folder and has no database of its own`,
    );
  }
  if (owner !== self) fs.writeFileSync(join(base, 'data-dir'), self); // DATA_DIR was moved
  return base;
}

function outsideFolder(dataDir: string): string {
  return join(OUTSIDE_ROOT, createHash('sha256').update(fs.realpathSync(dataDir)).digest('hex').slice(0, 16));
}

/** Creates and records a base outside. A database left there by a deleted DATA_DIR is kept, and the next name taken. */
function newOutsideBase(dataDir: string, log: (line: string) => void): string {
  let base = outsideFolder(dataDir);
  for (let next = 2; hasCluster(base); next += 1) {
    log(`An older database without a DATA_DIR stays in ${base}; delete it if nobody needs it.`);
    base = `${outsideFolder(dataDir)}-${next}`;
  }
  makeOutside(base, dataDir);
  fs.writeFileSync(join(dataDir, 'location'), base);
  log(`The user postgres cannot reach ${dataDir} or the programs; the database is in ${base}.`);
  return base;
}

/** A folder outside that everyone may pass, whatever the umask, and that names its DATA_DIR. */
function makeOutside(folder: string, dataDir: string): void {
  for (const path of [OUTSIDE_ROOT, folder]) {
    fs.mkdirSync(path, { recursive: true });
    fs.chmodSync(path, 0o755);
  }
  fs.writeFileSync(join(folder, 'data-dir'), fs.realpathSync(dataDir));
}

interface Outside {
  readonly outside: string;
  readonly dataDir: string;
  readonly log: (line: string) => void;
}

/** Copies the package's whole native/ folder, unless that version of it is there already. */
function copyPrograms(programs: Programs, { outside, dataDir, log }: Outside): Programs {
  const source = dirname(dirname(programs.postgres));
  const target = join(outside, 'native');
  const version = packageVersion(source);
  if (readText(join(target, '.version')) !== version) {
    log(`Copying the programs of PostgreSQL (package ${version}) to ${target}.`);
    makeOutside(outside, dataDir);
    const draft = `${target}.new`;
    fs.rmSync(draft, REMOVE);
    fs.cpSync(source, draft, { recursive: true, verbatimSymlinks: true, mode: fs.constants.COPYFILE_FICLONE });
    makeReadable(draft);
    fs.writeFileSync(join(draft, '.version'), version);
    fs.rmSync(target, REMOVE);
    fs.renameSync(draft, target);
  }
  return {
    postgres: join(target, 'bin', basename(programs.postgres)),
    initdb: join(target, 'bin', basename(programs.initdb)),
  };
}

function packageVersion(native: string): string {
  // Every npm package has a version.
  return (JSON.parse(fs.readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string }).version;
}

/** A package installed under a strict umask is readable for root only; the copy is for everyone. */
function makeReadable(path: string): void {
  const stat = fs.lstatSync(path);
  if (stat.isSymbolicLink()) return;
  fs.chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of fs.readdirSync(path)) makeReadable(join(path, name));
}

function readText(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}
