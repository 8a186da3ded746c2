/**
 * The bank's statement: bank first. Every line posts when it is imported, against suspense; explaining it is a second step
 * (match.ts). So the ledger's bank account equals the statement from the moment of import, and a wrong explanation can be
 * found without touching the bank account. A statement that does not continue the one before is a break.
 */
import type { Instant } from '../base/clock.ts';
import { newId } from '../base/ids.ts';
import { formatMoney } from '../base/money.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { BankStatement, StatementLine } from '../connectors/ports/bank-rail.ts';
import { absent, type Decision, insert, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { openBreaks } from './breaks.ts';
import type { ReconciliationDeps } from './deps.ts';
import { type ReconciliationRefusal, retryOnConflict } from './errors.ts';
import { type BankLine, bankLines, type Statement, statements } from './rows.ts';
import { findStatement, knownLineKeys, lastStatement } from './store.ts';

const LINES_A_UNIT = 400;

/** Imports a statement; a day that is there already is left alone, and a line is never posted twice. */
export async function importStatement(deps: ReconciliationDeps, bytes: Uint8Array): Promise<void> {
  const statement = deps.rail.parseStatement(bytes);
  if ((await findStatement(deps.journal.db, statementKey(deps, statement))) !== null) return;
  const before = await lastStatement(deps.journal.db, deps.bank, statement.currency);
  for (let start = 0; start < statement.lines.length; start += LINES_A_UNIT) {
    await importLines(deps, statement, statement.lines.slice(start, start + LINES_A_UNIT));
  }
  retryOnConflict(await deps.journal.run(undefined, () => decideStatement(deps, statement)));
  if (before !== null && before.day < statement.day && before.closing.amount !== statement.opening.amount) {
    const reason = `opens with ${formatMoney(statement.opening)}, the one of ${before.day} closed with ${formatMoney(before.closing)}`;
    await openBreaks(deps, [{ kind: 'statement_gap', subject: `${deps.bank}:${statement.day}`, amount: null, reason }]);
  }
}

async function importLines(
  deps: ReconciliationDeps,
  statement: BankStatement,
  lines: readonly StatementLine[],
): Promise<void> {
  const result = await deps.journal.run(undefined, async (): Promise<Result<Decision<null>, ReconciliationRefusal>> => {
    const known = await knownLineKeys(
      deps.journal.db,
      lines.map((line) => lineKey(deps, line)),
    );
    const fresh = lines.filter((line) => !known.has(lineKey(deps, line)));
    if (fresh.length === 0) return refuse('already_imported', 'these lines are imported');
    const at = deps.clock.now();
    const rows = fresh.map((line) => bankLine(deps, statement, line, at));
    const unit = {
      at,
      ...part({
        events: rows.map((row) =>
          event(row.direction === 'credit' ? 'bank.credited' : 'bank.debited', row.id, {
            bank: deps.bank,
            amount: row.amount,
          }),
        ),
        writes: rows.map((row) => insert(bankLines, row)),
        guards: rows.map((row) => absent(bankLines, 'line_key', `${row.bank}:${row.bankReference}`)),
      }),
    };
    return ok({ unit, value: null });
  });
  retryOnConflict(result);
}

async function decideStatement(
  deps: ReconciliationDeps,
  statement: BankStatement,
): Promise<Result<Decision<null>, ReconciliationRefusal>> {
  if ((await findStatement(deps.journal.db, statementKey(deps, statement))) !== null)
    return refuse('already_imported', 'this day is imported');
  const { day, statementId, opening, closing, lines } = statement;
  const row: Statement = {
    id: newId('stm'),
    version: 0,
    state: 'imported',
    bank: deps.bank,
    day,
    statementId,
    opening,
    closing,
    lines: lines.length,
  };
  const imported = event('bank.statement_imported', row.id, { bank: deps.bank, day, opening, closing });
  const guards = [absent(statements, 'day_key', statementKey(deps, statement))];
  return ok({
    unit: { at: deps.clock.now(), ...part({ events: [imported], writes: [insert(statements, row)], guards }) },
    value: null,
  });
}

const statementKey = (deps: ReconciliationDeps, { day, currency }: BankStatement): string =>
  `${deps.bank}:${day}:${currency}`;
const lineKey = (deps: ReconciliationDeps, line: StatementLine): string => `${deps.bank}:${line.bankReference}`;

const bankLine = (deps: ReconciliationDeps, statement: BankStatement, line: StatementLine, at: Instant): BankLine => ({
  id: newId('ln'),
  version: 0,
  state: 'unexplained',
  bank: deps.bank,
  statement: statement.statementId,
  bankReference: line.bankReference,
  direction: line.direction,
  amount: line.amount,
  bookedOn: line.bookedOn,
  endToEndId: line.endToEndId ?? null,
  clearingReference: line.clearingReference ?? null,
  instructionId: line.instructionId ?? null,
  paymentInformationId: line.paymentInformationId ?? null,
  returnReason: line.returnReason ?? null,
  counterparty: line.counterparty ?? null,
  text: line.text,
  explainedAs: null,
  subject: null,
  importedAt: at,
});
