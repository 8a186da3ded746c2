/** A person says what a bank line is: the operator's own money, a bank charge, interest, a debt paid. Signed, with a reason. */
import type { Instant } from '../base/clock.ts';
import type { Id } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { findDebt, paidByBank } from '../debts/index.ts';
import { type CommandKey, type Decision, type Outcome, part, type UnitPart } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import type { ReconciliationDeps } from './deps.ts';
import type { ReconciliationRefusal } from './errors.ts';
import { explainedPart } from './match.ts';
import type { BankLine } from './rows.ts';
import { findBankLine } from './store.ts';

export type ManualExplanation = 'capital' | 'bank_fee' | 'interest' | 'debt';

export interface ExplainLine {
  readonly line: Id<'ln'>;
  readonly as: ManualExplanation;
  readonly reason: string;
  /** Of `as: 'debt'`: which one. */
  readonly debt?: Id<'dbt'>;
}

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
    const expected = input.as === 'bank_fee' ? 'debit' : 'credit';
    if (line.direction !== expected)
      return refuse('wrong_direction', `${input.as} is a ${expected} line`, { pointer: '/as' });
    const at = deps.clock.now();
    const posted = input.as === 'debt' ? await debtPaid(deps, line, input, at) : ok(posting(line, input.as));
    if (!posted.ok) return posted;
    const subject = input.debt ?? line.id;
    const explanation = { known: true, as: input.as, subject, part: posted.value } as const;
    const own = await explainedPart(deps, line, explanation, at);
    const after: BankLine = { ...line, state: 'explained', explainedAs: input.as, subject };
    return ok({ unit: { at, ...own, answer: after }, value: after });
  });
}

async function debtPaid(
  deps: ReconciliationDeps,
  { bank, amount }: BankLine,
  { debt: id }: ExplainLine,
  at: Instant,
): Promise<Result<UnitPart, ReconciliationRefusal>> {
  const debt = id === undefined ? null : await findDebt(deps.journal.db, id);
  return debt === null
    ? refuse('not_found', 'no such debt', { pointer: '/debt' })
    : paidByBank(debt, { bank, amount }, at);
}

function posting({ id, bank, amount }: BankLine, as: Exclude<ManualExplanation, 'debt'>): UnitPart {
  switch (as) {
    case 'capital':
      return part({ events: [event('capital.paid_in', id, { bank, entity: OPERATOR, amount })] });
    case 'bank_fee':
      return part({ events: [event('bank.fee_matched', id, { bank, amount })] });
    case 'interest':
      return part({ events: [event('bank.interest_matched', id, { bank, amount })] });
  }
}
