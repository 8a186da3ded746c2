/**
 * Blanks what is not code: comments, the insides of strings, templates and regular expressions. Length and line breaks
 * stay, so a position in the masked text is a position in the file. Expressions inside templates stay code.
 *
 * Not a parser: a slash begins a regular expression when what stands before it cannot end a value. JSX text is read as
 * code; an apostrophe within a word is no string, and a string never crosses a line.
 */
export function maskSource(text: string): string {
  const out = text.split('');
  /** For each open template expression `${`, how many braces are open inside it. */
  const templates: number[] = [];
  let at = 0;
  let last = ''; // the last code character that is no white space
  while (at < text.length) {
    const char = text[at] as string;
    const pair = text.slice(at, at + 2);
    let end = at;
    if (pair === '//') end = blank(out, at, lineEnd(text, at));
    else if (pair === '/*') end = blank(out, at, after(text, '*/', at + 2));
    else if (char === '`' || (char === '}' && templates.at(-1) === 0)) {
      if (char === '}') templates.pop();
      const part = templateEnd(text, at + 1);
      end = blankInside(out, at, part.end);
      if (part.opens) templates.push(0);
      last = part.opens ? '{' : '`';
    } else if ((char === '"' || char === "'") && !isApostrophe(text, at)) {
      end = blankInside(out, at, stringEnd(text, at));
      last = char;
    } else if (char === '/' && beginsRegex(text, at, last)) {
      end = blankInside(out, at, regexEnd(text, at));
      last = '/';
    }
    if (end > at) {
      at = end;
      continue;
    }
    if (templates.length > 0 && char === '{') templates.push((templates.pop() as number) + 1);
    if (templates.length > 0 && char === '}') templates.push((templates.pop() as number) - 1);
    if (char.trim() !== '') last = char;
    at += 1;
  }
  return out.join('');
}

function blank(out: string[], from: number, to: number): number {
  for (let at = from; at < to; at += 1) if (out[at] !== '\n') out[at] = ' ';
  return to;
}

/** Keeps the delimiters at both ends, so that what stands beside them can still be judged. */
function blankInside(out: string[], from: number, to: number): number {
  blank(out, from + 1, to - 1);
  return to;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function after(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end === -1 ? text.length : end + mark.length;
}

/** Behind the closing quote; the opening quote's own position when the line ends first. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[from]) return at + 1;
  }
  return from;
}

/** Behind the closing backtick, or behind the `${` that opens an expression. */
function templateEnd(text: string, from: number): { readonly end: number; readonly opens: boolean } {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') return { end: at + 1, opens: false };
    else if (text[at] === '$' && text[at + 1] === '{') return { end: at + 2, opens: true };
  }
  return { end: text.length, opens: false };
}

const isApostrophe = (text: string, at: number): boolean =>
  text[at] === "'" && /[A-Za-z]/.test(text[at - 1] ?? '') && /[A-Za-z]/.test(text[at + 1] ?? '');

function beginsRegex(text: string, at: number, last: string): boolean {
  if (regexEnd(text, at) === at) return false;
  if (last === '' || '(,=:[!&|?{};+-*%>~^'.includes(last)) return true;
  const word = /([A-Za-z]+)\s*$/.exec(text.slice(Math.max(0, at - 12), at))?.[1] ?? '';
  return /^(return|typeof|case|in|of|delete|void|throw|await|yield|else|do)$/.test(word);
}

/** Behind the closing slash (flags are left as code); the opening slash's own position when the line ends first. */
function regexEnd(text: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
  }
  return from;
}
