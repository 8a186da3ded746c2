/** Import directions, entrances and cycles, over every relative import of the tree (types included: they bind as well). */
import { posix } from 'node:path';
import type { CheckResult, Finding } from './finding.ts';
import { moduleOf, whyNotImport } from './import-order.ts';
import { type CodeFile, isTest, lineAt, type Tree } from './tree.ts';

export interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

export function checkImports({ code }: Tree): CheckResult {
  const files = new Set(code.map(({ path }) => path));
  const imports = code.flatMap(importsOf);
  const findings = imports.flatMap((found): Finding[] => {
    const message = whyNotImport(found.from, found.to) ?? passesByIndex(found, files);
    return message === null ? [] : [{ file: found.from, line: found.line, message: `imports ${found.to}: ${message}` }];
  });
  return { findings: [...findings, ...cycles(imports)], looked: `${imports.length} imports of ${code.length} files` };
}

// `from '…'`, `import '…'` and `import('…')`; strings are blank in the masked text, so it tells code from quotation.
const SPECIFIER = /\bfrom\s*(['"])([^'"\n]+)\1|\bimport\s*\(?\s*(['"])([^'"\n]+)\3/g;

/** The relative imports and re-exports of a file, resolved to paths from the repository's root. */
export function importsOf({ path, text, masked }: CodeFile): Import[] {
  return [...text.matchAll(SPECIFIER)].flatMap((match): Import[] => {
    const specifier = match[2] ?? match[4] ?? '';
    const isCode = masked.slice(match.index, match.index + 4) === text.slice(match.index, match.index + 4);
    if (!isCode || !specifier.startsWith('.')) return [];
    const to = posix.join(posix.dirname(path), specifier.replace(/[?#].*$/, ''));
    return [{ from: path, to, line: lineAt(text, match.index) }];
  });
}

/**
 * A module with an index.ts is entered through it; tests may look behind it. The journal also reaches the ledger's files
 * directly: the two write together, and the ledger's index shows what readers of the journal (trace, check) offer.
 */
function passesByIndex({ from, to }: Import, files: ReadonlySet<string>): string | null {
  const target = moduleOf(to);
  if (target === '' || moduleOf(from) === '' || moduleOf(from) === target || isTest(from)) return null;
  if (moduleOf(from) === 'journal' && target === 'ledger') return null;
  const index = `src/${target}/index.ts`;
  return files.has(index) && to !== index ? `reach ${target} through ${index}` : null;
}

/** One finding for each group of files in src that import each other in a circle, with one shortest circle of it. */
export function cycles(imports: readonly Import[]): Finding[] {
  const edges = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (from.startsWith('src/') && to.startsWith('src/') && !isTest(from))
      edges.set(from, [...(edges.get(from) ?? []), to]);
  }
  const reported = new Set<string>();
  return [...edges.keys()].sort().flatMap((file): Finding[] => {
    const circle = reported.has(file) ? null : shortestCircle(file, edges);
    if (circle === null || circle.some((member) => reported.has(member))) return [];
    for (const member of circle) reported.add(member);
    return [{ file, line: 0, message: `import cycle: ${[...circle, file].join(' → ')}` }];
  });
}

/** Breadth first from a file back to itself. */
function shortestCircle(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    for (const next of edges.get(file) ?? []) {
      if (next === start) return pathTo(file, start, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return null;
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let file = end; file !== start; path.unshift(file)) file = cameFrom.get(file) as string;
  return path;
}
