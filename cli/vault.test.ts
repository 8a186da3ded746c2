/** Watching a rotation, against an installation that says what the test wants: progress, resuming, and a lost answer. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { causeway } from './causeway.ts';

const KEYS = 4;
const report = (underNew: number) => ({
  provider: 'file',
  rootKeys: [
    { id: 'kek_old', current: underNew === 0, wraps: KEYS - underNew, registeredAt: '2026-11-01T09:00:00Z' },
    ...(underNew === 0
      ? []
      : [{ id: 'kek_new', current: true, wraps: underNew, registeredAt: '2026-11-22T09:00:00Z' }]),
  ],
  dataKeys: Array.from({ length: KEYS }, (_, index) => ({
    id: `key_${index}`,
    purpose: 'card',
    current: index === KEYS - 1,
    rootKey: index < underNew ? 'kek_new' : 'kek_old',
    cards: index * 1000,
    createdAt: '2026-11-01T09:00:00Z',
  })),
  toRewrap: underNew === 0 ? 0 : KEYS - underNew,
});

/** What each look shows; the rotation is answered, or the connection lost, once they are used up. */
let looks: number[] = [];
let rotation: 'answers' | 'hangs up' = 'answers';
const server = createServer((request, response) => {
  const answer = (body: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (request.method === 'GET') return answer(report(looks.shift() ?? KEYS));
  const end = (): unknown => {
    if (looks.length > 0) return setTimeout(end, 20);
    if (rotation === 'hangs up') return request.socket.destroy();
    return answer({ what: 'root', rootKeyId: 'kek_new', rewrapped: 2, resumed: true });
  };
  return end();
});
before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => server.close());
beforeEach(() => {
  rotation = 'answers';
});

async function rotate(columns?: number) {
  let [out, err] = ['', ''];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const code = await causeway(['vault', 'rotate-keys', '--url', url, '--key', 'sk_x'], {
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    columns: () => columns,
  });
  return { code, out, err };
}

test('a bar says how many data keys are wrapped anew; before the fresh key is there it says nothing', async () => {
  looks = [0, 0, 1, 3];
  const { code, out, err } = await rotate(80);
  assert.equal(code, 0, err);
  assert.deepEqual(
    err.split('\r').flatMap((line) => /(\d+ %) {2}(\d of 4 data keys under the new key)/.exec(line)?.slice(1) ?? []),
    ['25 %', '1 of 4 data keys under the new key', '75 %', '3 of 4 data keys under the new key'],
  );
  assert.match(out, /^2 data keys wrapped anew by kek_new; an unfinished rotation is finished\nkek_old stays for old/);
});

test('an unfinished rotation is shown from where it stands', async () => {
  looks = [2, 3];
  assert.match((await rotate(80)).err, /75 % {2}3 of 4/);
});

test('without an answer it ends with 3, and says that the same command goes on', async () => {
  looks = [0, 1];
  rotation = 'hangs up';
  const { code, out, err } = await rotate();
  assert.deepEqual([code, out], [3, '']);
  assert.match(err, /The rotation may have begun\. The same command goes on where it stopped\./);
});
