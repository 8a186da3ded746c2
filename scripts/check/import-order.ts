/**
 * Who may import whom: DESIGN §5 as data and one function. The order table is the only place that knows it.
 *
 * ams-protocol is the message layer that the AMS API, the hub and the connectors to wallets have in common; it knows only base.
 * network-log stands right of connectors/ports, because it implements their HTTP port and throws their fault.
 * Inside src/ledger the core has an order of its own (chart < events < postings < balances); trace and check read the
 * journal, so they stand right of it.
 */
import { isTest } from './tree.ts';

/** From left to right; a module imports only modules of rows left of its own. */
export const ORDER: readonly (readonly string[])[] = [
  ['base'],
  ['ams-protocol'],
  ['db'],
  ['ledger'],
  ['journal'],
  ['ledger/trace', 'ledger/check'],
  ['jobs'],
  ['connectors/ports'],
  ['network-log'],
  ['fees', 'fx', 'screening'],
  ['parties'],
  ['registrations', 'debts'],
  ['promotions'],
  ['payments'],
  ['wallets'],
  ['protection'],
  ['checkout'],
  ['payouts'],
  ['disputes'],
  ['ams'],
  ['reconciliation', 'reporting', 'webhooks'],
  ['api'],
  ['main'],
];

const LEDGER_CORE = ['chart', 'events', 'postings', 'balances'];
/** Folders that look at an installation from outside, over HTTP; of src they may use the ground only. */
const OUTSIDERS: Readonly<Record<string, readonly string[]>> = {
  stories: ['base', 'main', 'db'],
  cli: ['base', 'main', 'db'],
};

/** Why `from` may not import `to` (paths from the repository's root), or null when it may. */
export function whyNotImport(from: string, to: string): string | null {
  const [fromArea, toArea] = [areaOf(from), areaOf(to)];
  if (toArea === 'web' && fromArea !== 'web') return 'nothing imports web';
  if (fromArea === 'web' && toArea !== 'web' && !isTest(from)) return 'web imports nothing from outside web';
  if (moduleOf(to) === 'vault' && moduleOf(from) !== 'vault')
    return 'nobody imports the vault: it is a process of its own';
  if (isTest(from) || fromArea === 'web') return null;
  if (fromArea === 'sandbox') return sandboxRule(to, toArea);
  if (toArea !== 'src') return fromArea === 'src' ? `src does not import ${toArea}` : null;
  if (fromArea === 'src') return insideSrc(from, to);
  const ground = OUTSIDERS[fromArea];
  return ground === undefined || ground.includes(moduleOf(to))
    ? null
    : `${fromArea} may import only ${ground.join(', ')} of src`;
}

/** The module of a file in src: its first folder, of connectors the first two; '' outside src. */
export function moduleOf(path: string): string {
  const [area, first = '', second = ''] = path.split('/');
  if (area !== 'src') return '';
  return first === 'connectors' ? `connectors/${second}` : first;
}

const areaOf = (path: string): string => path.split('/')[0] as string;

function sandboxRule(to: string, toArea: string): string | null {
  return toArea === 'sandbox' || moduleOf(to) === 'base' ? null : 'sandbox imports src/base only';
}

function insideSrc(from: string, to: string): string | null {
  const [source, target] = [moduleOf(from), moduleOf(to)];
  if (source === target && source !== 'ledger') return null;
  if (source === 'main') return null;
  if (isNetwork(target)) return `only main imports a network's folder (${target})`;
  if (isNetwork(source))
    return mayUse(
      target,
      ['base', 'ams-protocol', 'connectors/ports'],
      `${source} imports base, ams-protocol and connectors/ports only`,
    );
  if (source === 'vault') return mayUse(target, ['base', 'db'], 'vault imports base and db only');
  if (source === 'ledger' && target === 'ledger') return insideLedger(from, to);
  return byOrder(from, to);
}

function byOrder(from: string, to: string): string | null {
  const [left, right] = [rankOf(to), rankOf(from)];
  if (right === -1) return `${moduleOf(from)} has no place in the order of modules`;
  if (left === -1) return `${moduleOf(to)} has no place in the order of modules`;
  return left < right ? null : `${moduleOf(from)} may not import ${moduleOf(to)}, which is not left of it`;
}

function insideLedger(from: string, to: string): string | null {
  if (/\/index\.ts$/.test(from)) return null;
  const [left, right] = [coreRank(to), coreRank(from)];
  if (left !== -1 && right !== -1)
    return left <= right ? null : `${LEDGER_CORE[right]} may not import ${LEDGER_CORE[left]}`;
  return rankOf(to) <= rankOf(from) ? null : 'the core of the ledger may not import what reads the journal';
}

/** Row of a file's module in the order; -1 when it has none. A file may have a row of its own. */
function rankOf(path: string): number {
  const own = path.replace(/^src\//, '').replace(/\.ts$/, '');
  const special = ORDER.findIndex((row) => row.some((name) => name.startsWith('ledger/') && isUnder(own, name)));
  return special !== -1 ? special : ORDER.findIndex((row) => row.includes(moduleOf(path)));
}

const coreRank = (path: string): number =>
  LEDGER_CORE.findIndex((name) => isUnder(path.replace(/^src\/ledger\//, '').replace(/\.ts$/, ''), name));

const isUnder = (path: string, name: string): boolean => path === name || path.startsWith(`${name}/`);
const isNetwork = (name: string): boolean => name.startsWith('connectors/') && name !== 'connectors/ports';
const mayUse = (target: string, allowed: readonly string[], rule: string): string | null =>
  allowed.includes(target) ? null : rule;
