/**
 * Where the soak `card-scan` looks when the paying is over: everything below DATA_DIR, logs and the sandbox's files among it;
 * the database's own files with its log of changes (there, where bytes of different values adjoin, only numbers that were paid
 * with count); what a program may have left where it ran; and the whole database, all schemas, the vault's among them, as a
 * superuser would dump it. Numbers and a verification value are planted before, in
 * several forms: what the scanner then misses makes the soak fail as surely as what it finds beside them.
 *
 * The acquirer's own SQLite file is left out: it is the card network, which rightly knows numbers.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { World } from '../../stories/world.ts';
import { type CardHit, scanDatabase, scanFolder } from '../support/card-scan.ts';

/** A public test number that nobody pays with. */
export const PLANTED = '4012888888881881';
const GROUPED = PLANTED.replace(/(\d{4})(?=\d)/g, '$1 ');
const JSON_TEXT = `{"number":"${PLANTED}"}`;

/** Text to plant, and how the scanner must name it. */
const PLANTS: readonly (readonly [text: string, form: CardHit['form']])[] = [
  [`paid with ${PLANTED}.`, 'text'],
  [`paid with ${GROUPED}.`, 'text'],
  [`q=${GROUPED.replaceAll(' ', '%20')}&x`, 'text'],
  [Buffer.from(JSON_TEXT).toString('base64'), 'base64'],
  [`'\\x${Buffer.from(JSON_TEXT).toString('hex')}'`, 'hex'],
  ['{"card":{"cvv":"987"}}', 'verification value'],
];

export interface Found {
  /** Without what was planted. */
  readonly hits: readonly CardHit[];
  /** What was planted and not found, or not as what it is. */
  readonly missed: readonly string[];
}

export interface FileScan extends Found {
  readonly files: number;
}

/** Of a world that is stopped. `paidWith`: the numbers that went through it. */
export async function scanFiles({ dataDir }: World, paidWith: readonly string[]): Promise<FileScan> {
  const log = join('logs', 'causeway.log');
  appendFileSync(join(dataDir, log), PLANTS.map(([text]) => `${text}\n`).join(''));
  const beside = join('sandbox', 'planted.txt');
  writeFileSync(join(dataDir, beside), `${PLANTED}\n`);
  const masks = new Set(paidWith.map(maskOf));
  const isRaw = ({ where }: CardHit): boolean => /^postgres\//.test(where);
  const below = (await scanFolder(dataDir)).filter(({ where }) => !/^sandbox\/acquirer\.sqlite/.test(where));
  const own = below.filter((hit) => !isRaw(hit) || masks.has(hit.masked));
  const location = join(dataDir, 'location');
  const outside = existsSync(location) ? join(readFileSync(location, 'utf8').trim(), 'postgres') : null;
  const cluster = outside === null ? [] : (await scanFolder(outside)).filter(({ masked }) => masks.has(masked));
  const forms = PLANTS.map(([, form]) => form);
  const planted = own.filter(({ where }) => where === log || where === beside);
  const others = [...own, ...cluster].filter((hit) => !planted.includes(hit));
  return {
    hits: [...others, ...leftBehind(), ...unplanted(planted)],
    missed: [...missing(log, forms, planted), ...missing(beside, ['text'], planted)],
    files: [dataDir, ...(outside === null ? [] : [outside])].reduce(
      (sum, folder) => sum + readdirSync(folder, { recursive: true }).length,
      0,
    ),
  };
}

export interface DatabaseScan extends Found {
  readonly tables: number;
  /** Cards that the vault holds, sealed. */
  readonly cards: number;
}

/** Of a world that runs. */
export async function scanTables({ dataDir }: World): Promise<DatabaseScan> {
  const of = (name: string): string => readFileSync(join(dataDir, name), 'utf8').trim();
  const password = encodeURIComponent(of('postgres-password'));
  const client = new pg.Client(`postgres://postgres:${password}@127.0.0.1:${of('postgres-port')}/causeway`);
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>('select count(*) from vault.cards');
    await client.query('create table public.planted (note text)');
    for (const [text] of PLANTS) await client.query('insert into planted values ($1)', [text]);
    let tables = 0;
    const found = await scanDatabase(client, () => {
      tables += 1;
    });
    await client.query('drop table public.planted');
    const planted = found.filter(({ where }) => where === 'public.planted');
    return {
      hits: [...found.filter((hit) => !planted.includes(hit)), ...unplanted(planted)],
      missed: missing(
        'public.planted',
        PLANTS.map(([, form]) => form),
        planted,
      ),
      tables: tables - 1,
      cards: Number(rows[0]?.count ?? 0),
    };
  } finally {
    await client.end();
  }
}

const maskOf = (number: string): string => `${number.slice(0, 6)}…${number.slice(-4)}`;

/** Hits in a planted place that were not planted. */
const unplanted = (hits: readonly CardHit[]): readonly CardHit[] =>
  hits.filter(({ masked, form }) => form !== 'verification value' && masked !== maskOf(PLANTED));

/** Forms of a place that were planted more often than they were found. */
function missing(place: string, planted: readonly CardHit['form'][], hits: readonly CardHit[]): readonly string[] {
  const count = (forms: readonly string[], form: string): number => forms.filter((each) => each === form).length;
  const found = hits.filter(({ where }) => where === place).map(({ form }) => form);
  return [...new Set(planted)]
    .filter((form) => count(found, form) !== count(planted, form))
    .map((form) => `${place}: ${count(planted, form)} planted as ${form}, ${count(found, form)} found`);
}

/** Reports and memory images that a dying program leaves in its working folder, which is ours. */
function leftBehind(): readonly CardHit[] {
  return readdirSync(process.cwd())
    .filter((name) => /^(report\..*\.json|core(\.\d+)?|.*\.heapsnapshot)$/.test(name))
    .map((name) => ({ where: name, at: 0, form: 'text', masked: 'a crash report, unread' }));
}
