/** Wallets and acquirers for tests of the hub, written as rows of the journal. */

import type { Modules } from '../../../test/support/modules.ts';
import { type Id, newId } from '../../base/ids.ts';
import { must, ok } from '../../base/result.ts';
import { insert, part } from '../../journal/index.ts';
import { event } from '../../ledger/index.ts';
import { type AcquirerRole, type Participant, participants, type WalletRole } from '../../parties/index.ts';

const FEES = { interchangeBps: 0, serviceBps: 0 };
const SETTLEMENT = { agreementId: 'A1', days: 2, calendar: 'SG' };

export const walletRole = (changes: Partial<WalletRole> = {}): WalletRole => ({
  slug: 'tng',
  brandCode: (changes.slug ?? 'tng').toUpperCase(),
  country: 'MY',
  currency: 'MYR',
  modes: ['cashier', 'autoDebit', 'userPresented', 'merchantPresented'],
  limits: [],
  codeIssuer: '281001',
  endpoint: 'http://wallet.invalid',
  cutOffMinutes: 15,
  fees: FEES,
  settlement: SETTLEMENT,
  markets: { JP: 'live', TH: 'live' },
  account: newId('net'),
  ...changes,
});

export const acquirerRole = (changes: Partial<AcquirerRole> = {}): AcquirerRole => ({
  countries: ['JP'],
  settlementCurrencies: ['JPY'],
  endpoint: 'http://acquirer.invalid',
  codePrefixes: [],
  pushSchemes: [],
  fees: FEES,
  settlement: SETTLEMENT,
  ...changes,
});

type Facts = Partial<Pick<Participant, 'participantId' | 'name' | 'state' | 'wallet' | 'acquirer'>>;

export async function aParticipant(m: Modules, facts: Facts): Promise<Participant> {
  const id: Id<'ptc'> = newId('ptc');
  const {
    participantId = id.slice(-12),
    name = participantId,
    state = 'active',
    wallet = null,
    acquirer = null,
  } = facts;
  const createdAt = m.now();
  const row: Participant = { id, version: 1, participantId, name, state, keys: [], wallet, acquirer, createdAt };
  const added = event('participant.added', id, { participantId, name, acquirer: acquirer !== null });
  const unit = part({ events: [added], writes: [insert(participants, row)] });
  must(await m.journal.run(undefined, async () => ok({ unit: { at: createdAt, ...unit }, value: null })));
  return row;
}
