/**
 * The tree under check: every text file that is committed or would be, read once. Files that git ignores are not ours to
 * judge; without git (an unpacked archive) the known build and data folders are left out by name.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { maskSource } from './mask-source.ts';

export interface TextFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface CodeFile extends TextFile {
  /** The text with comments and the insides of strings blanked; same length, same lines. */
  readonly masked: string;
}

export interface Tree {
  readonly root: string;
  readonly texts: readonly TextFile[];
  readonly code: readonly CodeFile[];
}

const CODE = /\.(ts|tsx|mts|mjs|js|jsx)$/;
const LEFT_OUT = new Set(['.git', 'node_modules', 'data', 'dist']);
const MAX_TEXT_BYTES = 4_000_000;

export function readTree(root: string): Tree {
  const texts = listFiles(root).flatMap((path) => readText(root, path));
  const code = texts.filter(({ path }) => CODE.test(path)).map((file) => ({ ...file, masked: maskSource(file.text) }));
  return { root, texts, code };
}

/** A tree made of the given files, for tests. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  const texts = Object.entries(files).map(([path, text]) => ({ path, text }));
  return { root: '', texts, code: texts.map((file) => ({ ...file, masked: maskSource(file.text) })) };
}

/** Test code: beside its source, under test/, or shared by tests (`test-*.ts`). */
export const isTest = (path: string): boolean =>
  /\.test\.[cm]?[jt]sx?$/.test(path) || /(^|\/)test\//.test(path) || /(^|\/)test-[^/]*$/.test(path);

/** The line, from 1, of a position in a text. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function listFiles(root: string): string[] {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 });
  const listed = status === 0 ? stdout.split('\0') : walk(root, '');
  return [...new Set(listed)].filter((path) => path !== '').sort();
}

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) ? [] : walk(root, path);
    return entry.isFile() ? [path] : [];
  });
}

function readText(root: string, path: string): TextFile[] {
  const full = join(root, path);
  if (!existsSync(full)) return []; // deleted, and the deletion not yet committed
  const { size } = statSync(full);
  if (size > MAX_TEXT_BYTES) return [];
  const bytes = readFileSync(full);
  return bytes.subarray(0, 8_000).includes(0) ? [] : [{ path, text: bytes.toString('utf8') }];
}
