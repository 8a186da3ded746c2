import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFiles, wrongWith } from './read-files.ts';

test('what is wrong with files is said before they are sent', () => {
  const file = (name: string, size = 10) => ({ name, size });
  assert.equal(wrongWith([file('a.PDF'), file('b.jpeg')]), null);
  assert.match(wrongWith([]) ?? '', /at least one/);
  assert.match(wrongWith([file('a.pdf'), file('letter.docx')]) ?? '', /letter\.docx is not a PDF/);
  assert.match(wrongWith([file('a.txt', 0)]) ?? '', /empty/);
  assert.match(wrongWith([file('a.png', 2 * 1024 * 1024 + 1)]) ?? '', /2 MiB/);
  assert.match(wrongWith(Array.from({ length: 11 }, () => file('a.txt'))) ?? '', /10 files/);
});

test('bytes survive base64, also across its pieces', async () => {
  const bytes = Uint8Array.from({ length: 0x6000 * 2 + 1 }, (_, index) => index % 251);
  const [read] = await readFiles([new File([bytes], 'scan.jpg')]);
  assert.deepEqual([read?.name, read?.mediaType], ['scan.jpg', 'image/jpeg']);
  assert.deepEqual(new Uint8Array(Buffer.from(read?.content ?? '', 'base64')), bytes);
});
