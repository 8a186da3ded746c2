/** Names that say nothing, in file names and exported names; and the licensed word for held money (DESIGN §5, §6). */
import type { CheckResult, Finding } from './finding.ts';
import { type CodeFile, lineAt, type TextFile, type Tree } from './tree.ts';

/** Banned anywhere in a name. */
const EMPTY_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'handler2']);
/** Banned as the last word: a service fee or a service class is a thing of the trade, a PaymentService is not. */
const EMPTY_NOUNS = new Set(['service', 'services', 'manager', 'managers']);

// In two pieces, so that this file may be searched by its own rule.
const LICENSED_WORD = new RegExp('esc' + 'row', 'gi');
const GLOSSARY = 'docs/glossary.md';

export function checkNames({ code, texts }: Tree): CheckResult {
  const findings = [...texts.flatMap(fileName), ...code.flatMap(exportedNames), ...texts.flatMap(licensedWord)];
  return { findings, looked: `${texts.length} files` };
}

/** The word that makes a name say nothing, or null. Words part at capitals, digits stay with the word before them. */
export function emptyWord(name: string): string | null {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
  const last = words.at(-1) ?? '';
  return words.find((word) => EMPTY_WORDS.has(word)) ?? (EMPTY_NOUNS.has(last) ? last : null);
}

function fileName({ path }: TextFile): Finding[] {
  const parts = path.split('/').map((part) => part.replace(/\..*$/, ''));
  const word = parts.map(emptyWord).find((found) => found !== null);
  return word === undefined || word === null
    ? []
    : [{ file: path, line: 0, message: `the name says nothing: "${word}"` }];
}

const DECLARED =
  /\bexport\s+(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:const|let|function\*?|class|interface|type)\s+([A-Za-z_$][\w$]*)/g;
const LISTED = /\bexport\s+(?:type\s+)?\{([^}]*)\}/g;

function exportedNames({ path, masked }: CodeFile): Finding[] {
  const declared = [...masked.matchAll(DECLARED)].map((match) => ({ name: match[1] as string, at: match.index }));
  const listed = [...masked.matchAll(LISTED)].flatMap((match) =>
    (match[1] as string).split(',').map((item) => ({ name: item.trim().split(/\s+/).at(-1) ?? '', at: match.index })),
  );
  return [...declared, ...listed].flatMap(({ name, at }): Finding[] => {
    const word = emptyWord(name);
    return word === null ? [] : [{ file: path, line: lineAt(masked, at), message: `${name} says nothing: "${word}"` }];
  });
}

function licensedWord({ path, text }: TextFile): Finding[] {
  if (!/^(src|web|docs)\//.test(path) || path === GLOSSARY) return [];
  return [...text.matchAll(LICENSED_WORD)].map(({ index, 0: word }) => ({
    file: path,
    line: lineAt(text, index),
    message: `say "held" or "protection", not "${word}"`,
  }));
}
