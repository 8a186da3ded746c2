/**
 * The independent auditor: after every step, when the program is idle, it reads the tables with its own SQL and the networks
 * from their admin side, and holds the laws of DESIGN §4. It shares no code with the product; each audit reads only what is
 * new in the journal, so a thousand audits of a long run stay cheap.
 */
import type pg from 'pg';
import type { World } from '../stories/world.ts';
import { checkClearingFiles, checkNobodyOwes, type Participants } from './audit/clearing-laws.ts';
import { checkDisputesAtNetwork } from './audit/dispute-laws.ts';
import type { Finding, Report } from './audit/finding.ts';
import { checkHub } from './audit/hub-laws.ts';
import { checkMoney } from './audit/money-laws.ts';
import { checkNetworks, openBooks } from './audit/network-laws.ts';
import { startPriceLaws } from './audit/price-laws.ts';
import { checkIntents, checkPromises } from './audit/promises.ts';
import { type Replay, startReplay } from './audit/replay.ts';
import { connectDirectly, readSnapshot, type StateRows } from './audit/tables.ts';
import { checkWallets, readWalletBooks } from './audit/wallet-laws.ts';
import type { Facts } from './facts.ts';

export interface Auditor {
  /** Holds all laws now; the findings of this audit, none when everything is right. */
  audit(): Promise<readonly Finding[]>;
  /** The same, and nothing is open any more: these took part in the hub's clearing. */
  auditEnd(participants: Participants): Promise<readonly Finding[]>;
  readonly audits: () => number;
  readonly replay: Replay;
  /** The superuser's connection, opened again when it was lost. */
  db(): Promise<pg.Client>;
  close(): Promise<void>;
}

/** Checksums read the whole journal: once in so many audits. They show any change since the last ones. */
const SUMS_EVERY = 6;

export function startAuditor(world: World, facts: Facts): Auditor {
  const replay = startReplay();
  const prices = startPriceLaws();
  const readBooks = openBooks(world.acquirer, world.bank);
  let client: pg.Client | null = null;
  let audits = 0;
  const db = async (): Promise<pg.Client> => {
    if (client !== null) return client;
    const fresh = await connectDirectly(world.dataDir);
    fresh.once('end', () => {
      if (client === fresh) client = null;
    });
    client = fresh;
    return fresh;
  };
  const audit = async (participants: Participants | null): Promise<readonly Finding[]> => {
    const atEnd = participants !== null;
    const findings: Finding[] = [];
    const report: Report = (law, subjects, detail) => void findings.push({ law, subjects, detail });
    const sumsUpTo = atEnd || audits % SUMS_EVERY === 0 ? replay.summedTo() : null;
    const snapshot = await readSnapshot(await db(), replay.last(), sumsUpTo);
    replay.apply(snapshot, report);
    checkMoney(replay, snapshot, report);
    checkHub(replay, snapshot, report);
    prices.check(snapshot.events, report);
    const books = await readBooks();
    checkNetworks(replay, snapshot.rows, books, report);
    checkDisputesAtNetwork(snapshot.rows, books, report, atEnd);
    checkWallets(replay, snapshot.rows, await readWalletBooks(world.wallets, world.shops), report, atEnd);
    checkPromises(facts.all(), replay, snapshot.rows, report);
    checkIntents(facts.intents(), snapshot.rows, report);
    if (participants !== null) {
      checkNothingOpen(snapshot.rows, report);
      checkNobodyOwes(replay, snapshot.rows, report);
      await checkClearingFiles(world, participants, report);
    }
    audits += 1;
    return findings;
  };
  return {
    replay,
    db,
    audits: () => audits,
    audit: () => audit(null),
    auditEnd: audit,
    close: async () => {
      await client?.end().catch(() => undefined);
    },
  };
}

/** After the last day and a week of rest. */
function checkNothingOpen(rows: StateRows, report: Report): void {
  const open = rows.operations.filter(({ state }) => ['sent', 'pending', 'unknown'].includes(state));
  for (const { id, kind, state, reference } of open)
    report('end: every operation has its outcome', [id, reference], `${kind} ${reference} is ${state}`);
  for (const job of rows.deadJobs) report('end: no job is dead', [], job);
  for (const text of rows.openBreaks)
    report('end: no reconciliation break is open', text.match(/\b[a-z]{2,3}_[0-9a-f]{32}\b/g) ?? [], text);
  for (const { id, state } of rows.settlements)
    if (state !== 'matched') report('end: every settlement is matched', [id], state);
}
