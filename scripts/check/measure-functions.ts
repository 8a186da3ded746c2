/**
 * How long functions are. Types are taken out first (node:module's type stripping keeps positions), then every arrow and
 * every body behind a parameter list is a function, from the line of its parameters to its last line. JSX cannot be
 * stripped; there a return type between parameters and body is skipped by looking for the body's brace. The callback of
 * describe() is a list of tests, not a function.
 */
import { stripTypeScriptTypes } from 'node:module';
import { maskSource } from './mask-source.ts';
import { lineAt } from './tree.ts';

export interface MeasuredFunction {
  readonly name: string;
  /** Line of the parameter list, from 1. */
  readonly line: number;
  readonly lines: number;
  /** Whether it has a body in braces; an arrow with an expression does not. */
  readonly block: boolean;
}

/** The functions of a file, outer ones with their inner ones. */
export function measureFunctions(path: string, text: string): MeasuredFunction[] {
  const code = maskSource(withoutTypes(path, text));
  const matches = matchBrackets(code);
  const found: MeasuredFunction[] = [];
  const add = (start: number, end: number, block: boolean): void => {
    const before = code.slice(code.lastIndexOf('\n', start - 1) + 1, start);
    if (/\b(describe|suite)(\.\w+)?\(.*,\s*(async\s*)?$/.test(before)) return;
    const line = lineAt(code, start);
    found.push({ name: nameBefore(code, start), line, lines: lineAt(code, end) - line + 1, block });
  };
  for (let at = 0; at < code.length; at += 1) {
    if (code.startsWith('=>', at)) {
      const body = skipSpace(code, at + 2);
      const block = code[body] === '{';
      add(
        parametersBefore(code, at, matches),
        block ? (matches.get(body) ?? body) : expressionEnd(code, body, matches),
        block,
      );
    } else if (code[at] === '{') {
      const open = openingParameters(code, at, matches);
      if (open !== null) add(open, matches.get(at) ?? at, true);
    }
  }
  return found;
}

function withoutTypes(path: string, text: string): string {
  if (!/\.m?ts$/.test(path)) return text;
  try {
    return stripTypeScriptTypes(text);
  } catch {
    return text; // tsc names the mistake
  }
}

/** Position of the closing bracket for each opening one, and the other way round. */
function matchBrackets(code: string): Map<number, number> {
  const matches = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < code.length; at += 1) {
    const char = code[at] as string;
    if ('([{'.includes(char)) open.push(at);
    else if (')]}'.includes(char)) {
      const from = open.pop();
      if (from === undefined) continue;
      matches.set(from, at);
      matches.set(at, from);
    }
  }
  return matches;
}

/** Where the parameters of an arrow begin: its opening parenthesis, or its only parameter. */
function parametersBefore(code: string, arrow: number, matches: ReadonlyMap<number, number>): number {
  const end = skipSpaceBack(code, arrow - 1);
  if (code[end] === ')') return matches.get(end) ?? end;
  return end - (/[\w$]*$/.exec(code.slice(Math.max(0, end - 60), end + 1))?.[0].length ?? 1) + 1;
}

/** The opening parenthesis of the parameters of the body at `brace`, or null when that brace is no function's body. */
function openingParameters(code: string, brace: number, matches: ReadonlyMap<number, number>): number | null {
  const end = skipReturnType(code, skipSpaceBack(code, brace - 1));
  const open = code[end] === ')' ? matches.get(end) : undefined;
  if (open === undefined) return null;
  const word = /([\w$]+)\s*$/.exec(code.slice(Math.max(0, open - 60), open))?.[1] ?? '';
  return /^(if|for|while|switch|catch|with|await)$/.test(word) ? null : open;
}

/** In files whose types could not be stripped: from the end of `): Type` back to the parenthesis. */
function skipReturnType(code: string, end: number): number {
  const type = /\)\s*:\s*[\w.<>[\]| ]+$/.exec(code.slice(Math.max(0, end - 160), end + 1));
  return type === null ? end : end - type[0].length + 1;
}

/** The last character of an arrow's expression: before the comma, semicolon or closing bracket that ends it. */
function expressionEnd(code: string, from: number, matches: ReadonlyMap<number, number>): number {
  let at = from;
  while (at < code.length && !',;)]}'.includes(code[at] as string))
    at = ('([{'.includes(code[at] as string) ? (matches.get(at) ?? at) : at) + 1;
  return skipSpaceBack(code, at - 1);
}

function nameBefore(code: string, start: number): string {
  const before = code.slice(Math.max(0, start - 120), start);
  const named = /([\w$]+)\s*(?:[:=]\s*(?:async\s*)?|\s*)$/.exec(before)?.[1];
  return named === undefined || /^(async|function|return|await)$/.test(named) ? 'a function' : named;
}

function skipSpace(code: string, from: number): number {
  let at = from;
  while (/\s/.test(code[at] ?? '')) at += 1;
  return at;
}

function skipSpaceBack(code: string, from: number): number {
  let at = from;
  while (at > 0 && /\s/.test(code[at] ?? '')) at -= 1;
  return at;
}
