/** What must not be committed: card numbers other than public test numbers, package-registry hosts, a machine's paths. */
import { cardNumbersIn } from './card-numbers.ts';
import type { CheckResult, Finding } from './finding.ts';
import { PUBLIC_TEST_CARDS } from './public-test-cards.ts';
import { lineAt, type TextFile, type Tree } from './tree.ts';

// Hosts of public registries, hosts with a registry product's name, and settings that name a registry.
const REGISTRY =
  /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.\w+|\bnpm\.pkg\.github\.\w+|\b[\w-]*(?:artifactory|verdaccio|codeartifact)[\w-]*\.[\w.-]+[:/]|"resolved":\s*"https?:|^\s*registry\s*=\s*\S+:/gim;

export function checkLeaks({ texts, root }: Tree): CheckResult {
  const paths = machinePaths(root);
  const findings = texts.flatMap((file) => [
    ...cards(file),
    ...matches(file, REGISTRY, 'names a package registry'),
    ...matches(file, paths, 'names a path of one machine'),
  ]);
  return { findings, looked: `${texts.length} files` };
}

/** The folder that developers' checkouts live in, and this checkout's own place when it is not a root's child. */
function machinePaths(root: string): RegExp {
  const own = root.split('/').length > 2 ? [root] : [];
  const escaped = [['', 'work', ''].join('/'), ...own].map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\w.~-])(?:${escaped.join('|')})`, 'g');
}

function cards({ path, text }: TextFile): Finding[] {
  return cardNumbersIn(text)
    .filter(({ number }) => !PUBLIC_TEST_CARDS.has(number))
    .map(({ number, at }) => {
      // Masked: a finding is printed and may be kept in a log.
      const shown = `${number.slice(0, 6)}…${number.slice(-4)}`;
      return {
        file: path,
        line: lineAt(text, at),
        message: `may be a card number (${shown}); use a public test number`,
      };
    });
}

function matches({ path, text }: TextFile, pattern: RegExp, message: string): Finding[] {
  return [...text.matchAll(pattern)].map(({ index }) => ({ file: path, line: lineAt(text, index), message }));
}
