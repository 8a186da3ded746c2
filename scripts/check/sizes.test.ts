import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureFunctions } from './measure-functions.ts';
import { checkSizes, sizesOf } from './sizes.ts';
import { treeOf } from './tree.ts';

const body = (lines: number): string => Array.from({ length: lines }, (_, at) => `  call(${at});`).join('\n');
const measured = (text: string, path = 'src/a.ts'): string[] =>
  measureFunctions(path, text).map(
    ({ name, line, lines, block }) => `${name}@${line} ${lines}${block ? '' : ' expression'}`,
  );

test('functions, methods and arrows are measured from parameters to closing brace', () => {
  const text = [
    'export async function first<T>(a: { x: number }, b: T): Promise<{ readonly y: T }> {',
    '  if (a) { return b; }',
    "  for (const c of d) { e('}'); }",
    '}',
    'class K {',
    '  method(): void {',
    '    try { f(); } catch (error) { g(); }',
    '  }',
    '}',
    'const arrow = (',
    '  a: number,',
    '): ((b: string) => void) => {',
    '  return h;',
    '};',
    'const short = (x: number): number => x + 1;',
    'const long = (y: string) =>',
    '  y',
    "    .split(',')",
    '    .join();',
  ].join('\n');
  assert.deepEqual(measured(text), [
    'first@1 4',
    'method@6 3',
    'arrow@10 5',
    'short@15 1 expression',
    'long@16 4 expression',
  ]);
});

test('object types, interfaces, templates and JSX do not look like functions', () => {
  assert.deepEqual(
    measured('interface A { b(c: { d: string }): { e: number } }\ntype F = (x: string) => { y: number };'),
    [],
  );
  assert.deepEqual(measured('const a = `$' + '{b({ c: 1 })} => {`;\nconst d = { e: 1 };'), []);
  const jsx = ['export function Page({ a }: Props): ReactElement {', "  return <p>{a ? <b>Don't</b> : null}</p>;", '}'];
  assert.deepEqual(measured(jsx.join('\n'), 'web/src/Page.tsx'), ['Page@1 3']);
});

test('a function of 70 lines passes, one of 71 does not; inner ones count by themselves and for the outer one', () => {
  const tree = treeOf({
    'src/a.ts': `function fits() {\n${body(68)}\n}\nfunction grows() {\n${body(69)}\n}\n`,
    'src/b.ts': `function outer() {\n  const inner = () => {\n${body(80)}\n  };\n}\n`,
    'src/c.test.ts': `describe('many', () => {\n${body(80)}\n});\ntest('one', () => {\n${body(80)}\n});\n`,
  });
  const found = checkSizes(tree).findings.map(({ file, line, message }) => `${file}:${line} ${message}`);
  assert.deepEqual(found, [
    'src/a.ts:71 grows has 71 lines; at most 70',
    'src/b.ts:1 outer has 84 lines; at most 70',
    'src/b.ts:2 inner has 82 lines; at most 70',
    'src/c.test.ts:83 a function has 82 lines; at most 70',
  ]);
});

test('a file above 500 lines is a finding, above 300 a note; the spread is reported', () => {
  const file = (lines: number): string => 'x();\n'.repeat(lines);
  const tree = treeOf({ 'src/a.ts': file(501), 'src/b.ts': file(500), 'src/c.ts': file(300), 'src/d.ts': file(10) });
  const { findings, notes } = checkSizes(tree);
  assert.deepEqual(
    findings.map(({ file: path, message }) => `${path} ${message}`),
    ['src/a.ts the file has 501 lines; at most 500'],
  );
  assert.deepEqual(notes, ['src/b.ts has 500 lines (about 200 is meant)']);
  const { files } = sizesOf(tree);
  assert.deepEqual(files, { count: 4, median: 500, p90: 501, largest: { where: 'src/a.ts', lines: 501 } });
});
