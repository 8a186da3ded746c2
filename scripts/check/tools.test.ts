import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBiome, parseTsc } from './tools.ts';

test("Biome's lines become findings, with paths from the root", () => {
  const line = '::error title=lint/a11y/x,file=/r/web/a.tsx,line=48,endLine=48,col=1,endColumn=2::No good:%0A<b>';
  assert.deepEqual(parseBiome(line, '/r'), [{ file: 'web/a.tsx', line: 48, message: 'lint/a11y/x: No good:' }]);
  const [format] = parseBiome('::error title=format,file=/r/a.ts,line=1,endLine=1::Formatter would', '/r');
  assert.match(format?.message ?? '', /not formatted/);
  assert.deepEqual(parseBiome('check ----', '/r'), []);
});

test("the compiler's lines become findings", () => {
  assert.deepEqual(parseTsc('src/a.ts(3,7): error TS2322: No.'), [
    { file: 'src/a.ts', line: 3, message: 'error TS2322: No.' },
  ]);
  assert.deepEqual(parseTsc('  Type string is not'), []);
});
