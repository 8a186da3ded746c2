import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSource } from './mask-source.ts';

const BACKTICK = '`';

/** [source, masked] pairs; a dot stands for a blanked character. */
const CASES: Readonly<Record<string, readonly [string, string]>> = {
  'line comment': ["a; // it's {", 'a; .........'],
  'block comment over lines': ['a /* { \n } */ b', 'a .....\n..... b'],
  'strings with escapes': [`f("a\\"{", 'b{')`, `f("....", '..')`],
  'an apostrophe in a word': ["<p>Don't {x} won't</p>", "<p>Don't {x} won't</p>"],
  'an unclosed quote': ["<p>' {x}\n</p>", "<p>' {x}\n</p>"],
  'a template with code inside': [
    `${BACKTICK}a{\${f({ x: 1 })}}b${BACKTICK} + {c}`,
    `${BACKTICK}...{f({ x: 1 })}..${BACKTICK} + {c}`,
  ],
  'nested templates': [
    `${BACKTICK}a\${b ? ${BACKTICK}c\${d}${BACKTICK} : '}'}e${BACKTICK}; f`,
    `${BACKTICK}..{b ? ${BACKTICK}..{d}${BACKTICK} : '.'}.${BACKTICK}; f`,
  ],
  'a regular expression': ["x = /[/'{]\\/{/g.test(y)", 'x = /........./g.test(y)'.replace('/........./', '/......../')],
  'a regular expression after return': ["return /'/", 'return /./'],
  'a division': ["a / b / c; '{'", "a / b / c; '.'"],
  'a closing tag': ['<b>x</b> / {y}', '<b>x</b> / {y}'],
};

for (const [name, [source, masked]] of Object.entries(CASES)) {
  test(`masking: ${name}`, () => {
    const got = maskSource(source);
    assert.equal(got.length, source.length);
    assert.equal(shownLike(got, masked), masked);
  });
}

/** Shows blanks as dots where the expectation has dots, so that spaces of code stay spaces. */
const shownLike = (got: string, masked: string): string =>
  [...got].map((char, at) => (char === ' ' && masked[at] === '.' ? '.' : char)).join('');
