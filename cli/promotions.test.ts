/** What the command line itself says about a campaign's file; nothing is asked of a server. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { causeway } from './causeway.ts';
import { EXIT } from './errors.ts';

async function create(path: string): Promise<readonly [number, string]> {
  let said = '';
  const surroundings = {
    env: { CAUSEWAY_URL: 'http://127.0.0.1:9', CAUSEWAY_KEY: 'sk_nobody' },
    out: () => undefined,
    err: (text: string) => {
      said += text;
    },
  };
  return [await causeway(['campaign', 'create', path], surroundings), said];
}

test('a file that is not there, or is no JSON, is wrong usage and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-'));
  try {
    const path = join(folder, 'campaign.json');
    const [missing, why] = await create(path);
    assert.deepEqual([missing, /campaign\.json cannot be read as JSON: ENOENT/.test(why)], [EXIT.usage, true]);
    writeFileSync(path, '{ "name": ');
    const [broken, what] = await create(path);
    assert.deepEqual([broken, /cannot be read as JSON/.test(what)], [EXIT.usage, true]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
