/** A file as it was made. Its content is held to the hash that its row and the journal have. */
import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { assert } from '../../base/assert.ts';
import type { Queryable } from '../../db/pool.ts';
import type { ClearingFile } from './batch.ts';
import { findFile, loadContent } from './store.ts';

/** By its path: area, participant, day and name, such as `clearing/1022171000000000001/20261128/…`. Null where there is none. */
export async function readFile(
  db: Queryable,
  path: string,
): Promise<{ readonly file: ClearingFile; readonly bytes: Buffer } | null> {
  const file = await findFile(db, path);
  if (file === null) return null;
  const kept = await loadContent(db, file.sha256);
  assert(kept !== null, 'a content is kept before the row that names it');
  const bytes = gunzipSync(kept);
  assert(hash('sha256', bytes, 'hex') === file.sha256, `the content of ${path} is what was made`);
  return { file, bytes };
}
