/**
 * `npm run new-connector -- NAME`: writes src/connectors/NAME, a card acquirer to be filled in. What is not written yet says
 * so when it is called, and the contract test fails until nothing is left of that. Nothing that is there is overwritten.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From the template's name to the file's. Templates are not TypeScript, so that no check takes them for code of ours. */
const FILES = ['index.ts', 'settings.ts', 'connector.ts', 'answers.ts', 'answers.test.ts', 'contract.test.ts'];
const TEMPLATES = fileURLToPath(new URL('./new-connector', import.meta.url));
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

function main(args: readonly string[]): number {
  const [name = ''] = args;
  const written = args.length === 1 ? writeConnector(fileURLToPath(new URL('..', import.meta.url)), name) : usage();
  if ('refused' in written) {
    console.error(`npm run new-connector: ${written.refused}`);
    return 2;
  }
  console.log(nextSteps(name, written.files));
  return 0;
}

export type Written = { readonly files: readonly string[] } | { readonly refused: string };

/** Writes the files under `root`; refuses a name that is none, or one that is taken. */
export function writeConnector(root: string, name: string): Written {
  if (!NAME.test(name)) return { refused: `"${name}" is no name; lower case and hyphens, as in nordic-acquiring` };
  const folder = join(root, 'src/connectors', name);
  if (existsSync(folder)) return { refused: `src/connectors/${name} is there already` };
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) {
    const template = readFileSync(join(TEMPLATES, `${file}.txt`), 'utf8');
    writeFileSync(join(folder, file), template.replaceAll('__name__', name).replaceAll('__Name__', inCapitals(name)));
  }
  return { files: FILES.map((file) => `src/connectors/${name}/${file}`) };
}

const usage = (): Written => ({ refused: 'one argument: the name of the network, as in nordic-acquiring' });

const inCapitals = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

const nextSteps = (name: string, files: readonly string[]): string => `Written:
${files.map((file) => `  ${file}`).join('\n')}

Next:
  1. settings.ts   what an operator configures; URLs, ids, keys.
  2. answers.ts    what the network's words mean. Only an explicit word is final; everything else is unknown.
  3. connector.ts  which call each operation makes, and which question asks about it.
  4. contract.test.ts  start the network, or a stand-in that can be disturbed, in setUp; name in \`lacks\` what it does not offer.
  5. npm test -- src/connectors/${name}   is done when it is green.
  6. src/main/networks.ts chooses the connector; ARCHITECTURE.md names it.

Examples: src/connectors/jpm-online-payments (HTTP and JSON), test/contracts/other-acquirer.ts (two messages, text files).`;

// At the end: everything above is defined by now.
if (import.meta.main) process.exitCode = main(process.argv.slice(2));
