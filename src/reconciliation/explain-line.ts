/**
 * A person says what a bank line is: the operator's own money, a bank charge, interest, a debt paid, a side of a treasury deal, what a
 * sponsor paid in or got back, or the payment of a bill of fees whose sum it does not have. Signed, with a reason.
 */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { findDebt, paidByBank } from '../debts/index.ts';
import { findDeal, settlingDeal } from '../fx/index.ts';
import { type CommandKey, type Decision, type Outcome, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findCampaign, findFundReturn, fundReturnPaid, prefundingPart } from '../promotions/index.ts';
import type { ReconciliationDeps } from './deps.ts';
import type { ReconciliationRefusal } from './errors.ts';
import { explainedPart, feesPaid } from './match.ts';
import type { BankLine } from './rows.ts';
import { findBankLine, findSettlement } from './store.ts';

export type ManualExplanation =
  | 'capital'
  | 'bank_fee'
  | 'interest'
  | 'network_fees'
  | 'debt'
  | 'fx_deal'
  | 'campaign_prefund'
  | 'campaign_rest';

export interface ExplainLine {
  readonly line: Id<'ln'>;
  readonly as: ManualExplanation;
  readonly reason: string;
  /** Of `as: 'debt'`: which one. */
  readonly debt?: Id<'dbt'>;
  /** Of `as: 'fx_deal'`: which one. */
  readonly deal?: Id<'fxd'>;
  /** Of `as: 'campaign_prefund'`: which one. */
  readonly campaign?: Id<'cmp'>;
  /** Of `as: 'campaign_rest'`: which return of a fund. */
  readonly fundReturn?: Id<'ref'>;
}

/** The way a line must go; a deal has a side each way. */
const DIRECTIONS: Readonly<Record<ManualExplanation, 'credit' | 'debit' | 'either'>> = {
  capital: 'credit',
  bank_fee: 'debit',
  interest: 'credit',
  network_fees: 'debit',
  debt: 'credit',
  fx_deal: 'either',
  campaign_prefund: 'credit',
  campaign_rest: 'debit',
};

/** Whose money capital is; one legal entity per ledger. */
const OPERATOR = 'operator';

export function explainLine(
  deps: ReconciliationDeps,
  command: CommandKey | undefined,
  input: ExplainLine,
): Promise<Result<Outcome<BankLine>, ReconciliationRefusal>> {
  return deps.journal.run(command, async (): Promise<Result<Decision<BankLine>, ReconciliationRefusal>> => {
    const line = await findBankLine(deps.journal.db, input.line);
    if (line === null) return refuse('not_found', 'no such line');
    if (line.state !== 'unexplained') return refuse('illegal_move', 'the line is explained already');
    const expected = DIRECTIONS[input.as];
    if (expected !== 'either' && line.direction !== expected)
      return refuse('wrong_direction', `${input.as} is a ${expected} line`, { pointer: '/as' });
    const at = deps.clock.now();
    const found = await findPosting(deps, line, input, at);
    if (!found.ok) return found;
    const explanation = { known: true, as: input.as, ...found.value } as const;
    const own = await explainedPart(deps, line, explanation, at);
    const after: BankLine = { ...line, state: 'explained', explainedAs: input.as, subject: explanation.subject };
    return ok({ unit: { at, ...own, answer: after }, value: after });
  });
}

interface Posting {
  readonly subject: string;
  readonly part: UnitPart;
}

async function findPosting(
  deps: ReconciliationDeps,
  line: BankLine,
  input: ExplainLine,
  at: Instant,
): Promise<Result<Posting, ReconciliationRefusal>> {
  switch (input.as) {
    case 'network_fees':
      return asFees(deps, line, input, at);
    case 'debt':
      return asDebt(deps, line, input, at);
    case 'fx_deal':
      return asDeal(deps, line, input);
    case 'campaign_prefund':
      return asPrefund(deps, line, input);
    case 'campaign_rest':
      return asRest(deps, line, input);
    default:
      return ok(posting(line, input.as));
  }
}

/** The line names the bill; what it is short or over goes to its own account. */
async function asFees(
  deps: ReconciliationDeps,
  line: BankLine,
  { reason }: ExplainLine,
  at: Instant,
): Promise<Result<Posting, ReconciliationRefusal>> {
  const bill = line.endToEndId === null ? null : await findSettlement(deps.journal.db, line.endToEndId);
  if (bill?.kind !== 'fees') return refuse('not_found', 'the line names no bill of fees');
  if (bill.state !== 'reported') return refuse('illegal_move', 'the bill is paid already');
  if (bill.fees.currency !== line.amount.currency) return refuse('illegal_move', 'the bill is in another currency');
  return ok({ subject: bill.id, part: await feesPaid(deps, line, bill, at, reason) });
}

async function asDebt(
  deps: ReconciliationDeps,
  { bank, amount }: BankLine,
  { debt: id }: ExplainLine,
  at: Instant,
): Promise<Result<Posting, ReconciliationRefusal>> {
  const debt = id === undefined ? null : await findDebt(deps.journal.db, id);
  if (debt === null) return refuse('not_found', 'no such debt', { pointer: '/debt' });
  const paid = paidByBank(debt, { bank, amount }, at);
  return paid.ok ? ok({ subject: debt.id, part: paid.value }) : paid;
}

async function asDeal(
  deps: ReconciliationDeps,
  line: BankLine,
  { deal: id }: ExplainLine,
): Promise<Result<Posting, ReconciliationRefusal>> {
  const deal = id === undefined ? null : await findDeal(deps.journal.db, id);
  if (deal === null) return refuse('not_found', 'no such deal', { pointer: '/deal' });
  const settled = settlingDeal(deal, line);
  return settled.ok ? ok({ subject: deal.id, part: settled.value }) : settled;
}

async function asPrefund(
  deps: ReconciliationDeps,
  line: BankLine,
  { campaign: id }: ExplainLine,
): Promise<Result<Posting, ReconciliationRefusal>> {
  const campaign = id === undefined ? null : await findCampaign(deps.journal.db, id);
  if (campaign === null) return refuse('not_found', 'no such campaign', { pointer: '/campaign' });
  const prefunded = prefundingPart(campaign, line);
  return prefunded.ok ? ok({ subject: campaign.id, part: prefunded.value }) : prefunded;
}

async function asRest(
  deps: ReconciliationDeps,
  line: BankLine,
  { fundReturn: id }: ExplainLine,
): Promise<Result<Posting, ReconciliationRefusal>> {
  const back = id === undefined ? null : await findFundReturn(deps.journal.db, id);
  if (back === null) return refuse('not_found', 'no such return of a fund', { pointer: '/fundReturn' });
  const paid = fundReturnPaid(back, line);
  return paid.ok ? ok({ subject: back.id, part: paid.value }) : paid;
}

function posting({ id, bank, amount }: BankLine, as: 'capital' | 'bank_fee' | 'interest'): Posting {
  switch (as) {
    case 'capital':
      return {
        subject: id,
        part: part({ events: [event('capital.paid_in', id, { bank, entity: OPERATOR, amount })] }),
      };
    case 'bank_fee':
      return { subject: id, part: part({ events: [event('bank.fee_matched', id, { bank, amount })] }) };
    case 'interest':
      return { subject: id, part: part({ events: [event('bank.interest_matched', id, { bank, amount })] }) };
  }
}
