/**
 * The vault's rounds: the same program, the same journal, the same acquirer over HTTP and the same rules for 3-D Secure, and in
 * turn a token that no vault made (the charge goes past the vault) and a card typed into the vault for every life, described
 * and filled in by its process. What the rounds claim is held against what the acquirer saw and the vault has stored.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Child, startChild } from '../../src/main/children.ts';
import type { BenchDatabase } from '../support/database.ts';
import type { Received } from './acquirer-stub.ts';
import type { BenchChild } from './child.ts';
import { analyze } from './database-figures.ts';
import type { Cards } from './generator.ts';
import type { NetworkAddresses } from './networks.ts';
import type { Started } from './platform.ts';
import {
  type Bench,
  BUYERS,
  type Measured,
  measure,
  rate,
  type Sizes,
  startPart,
  startServer,
  WARM_UP_LIVES,
} from './rounds.ts';

export interface VaultRounds {
  /** The card goes through the vault. */
  readonly vault: readonly Measured[];
  /** The stub token goes past it. */
  readonly stub: readonly Measured[];
  /** Cardholders asked, of all payments: what the default rules want of these buyers and prices. */
  readonly asked: number;
}

type Side = 'vault' | 'stub';

export async function measureVaultRounds(
  sizes: Sizes,
  bench: Bench,
  say: (line: string) => void,
): Promise<VaultRounds> {
  const server = await startServer(bench);
  const database = await server.createDatabase('vaulted');
  const [platform, acquirer, generator] = [
    startPart(bench, 'platform.ts'),
    startPart(bench, 'acquirer-stub.ts'),
    startPart(bench, 'generator.ts'),
  ];
  const { vault, networks } = await startVault(database, await acquirer.ask<string>({ kind: 'start' }), bench);
  const start = { databaseUrl: database.app, sellers: sizes.lives, buyers: BUYERS, countsQueries: false, networks };
  const started = await platform.ask<Started>({ kind: 'start', ...start });
  const watched = { server: platform.pid, vault: vault.pid as number, acquirer: acquirer.pid };
  const cards: Record<Side, Cards> = {
    stub: { kind: 'checkout' },
    vault: { kind: 'checkout', vaultUrl: networks.vaultUrl },
  };
  const lead = async (side: Side, round: { lives: number; atOnce: number; name: string }): Promise<Measured> => {
    const all = { ...started, ...round, drains: true, cards: cards[side] };
    const measured = await measure({ generator, server, database, watched }, all);
    await proveWay(side, round.lives, { acquirer, database });
    return measured;
  };

  const [atOnce = 64] = sizes.atOnce;
  const rounds: Record<Side, Measured[]> = { stub: [], vault: [] };
  for (const side of SIDES) await lead(side, { lives: WARM_UP_LIVES, atOnce, name: `warm-${side}` });
  for (const wide of sizes.atOnce) {
    for (let number = 1; number <= sizes.rounds; number += 1) {
      for (const side of SIDES) {
        const round = await lead(side, { lives: sizes.lives, atOnce: wide, name: `${side}-${wide}-${number}` });
        if (round.payouts !== sizes.lives) throw new Error(`${sizes.lives} lives, but ${round.payouts} payouts`);
        rounds[side].push(round);
      }
      const [stub, real] = [rounds.stub.at(-1), rounds.vault.at(-1)] as [Measured, Measured];
      say(`  ${wide} at once, round ${number}: ${rate(real)} lives/s with the vault, ${rate(stub)} with a stub token`);
    }
  }
  await analyze(database.owner);
  await platform.ask({ kind: 'check' });
  return { ...rounds, asked: ASKED_SHARE };
}

const SIDES = ['stub', 'vault'] as const;
/** One buyer of five lives where the law asks; one order of twenty, of other buyers, is of 1,200 dollars. */
const ASKED_SHARE = 0.25;

/** The vault as `npm start` has it: own process, own role, a key file of its own. */
async function startVault(
  database: BenchDatabase,
  acquirerUrl: string,
  bench: Bench,
): Promise<{ vault: Child; networks: NetworkAddresses }> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-vault-'));
  bench.stops.push(async () => rmSync(folder, { recursive: true }));
  const vaultSecret = randomBytes(24).toString('base64url');
  const vault = await startChild({
    name: 'vault',
    script: join(import.meta.dirname, '../../src/vault/main.ts'),
    logsDir: folder,
    log: (line) => console.error(line),
    restart: false,
    env: {
      PORT: '0',
      VAULT_DATABASE_URL: database.vault,
      VAULT_SECRET: vaultSecret,
      VAULT_DATA_DIR: folder,
      VAULT_ALLOWED_HOSTS: acquirerUrl,
      VAULT_FRAME_ANCESTORS: 'https://shop.example',
    },
  });
  bench.stops.push(() => vault.stop());
  return { vault, networks: { acquirerUrl, vaultUrl: `http://127.0.0.1:${vault.port}`, vaultSecret } };
}

interface Witnesses {
  readonly acquirer: BenchChild;
  readonly database: BenchDatabase;
}

let tokensBefore = 0;

/** Every charge came with the card when it went through the vault, and without it past the vault; each life used a token. */
async function proveWay(side: Side, lives: number, { acquirer, database }: Witnesses): Promise<void> {
  const { charges, authentications } = await acquirer.ask<Received>({ kind: 'take' });
  const [way, other] = side === 'vault' ? (['filled', 'unfilled'] as const) : (['unfilled', 'filled'] as const);
  assert.deepEqual({ ...charges }, { [way]: lives, [other]: 0 }, `charges of a round (${side})`);
  assert.deepEqual({ ...authentications }, { [way]: lives * ASKED_SHARE, [other]: 0 }, `authentications (${side})`);
  const client = new pg.Client({ connectionString: database.owner });
  await client.connect();
  const { rows } = await client.query<{ used: string }>(
    'select count(*) as used from vault.cards where used_by is not null',
  );
  await client.end();
  const used = Number(rows[0]?.used);
  assert.equal(used - tokensBefore, side === 'vault' ? lives : 0, `tokens used (${side})`);
  tokensBefore = used;
}
