/**
 * The review of a registration: four checks of what was said, pure, and the decision. In a sandbox the checks decide; else they
 * are for the person of the operator who does. Who decides first has it. Whoever approves creates the seller in the same unit,
 * so an approval is refused where the bank account cannot be paid.
 */
import type { Id } from '../base/ids.ts';
import { assertMove } from '../base/moves.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { FINISHED, type Job, type JobHandlers, type JobResult } from '../jobs/index.ts';
import { type CommandKey, type Decision, EMPTY_PART, merge, type Outcome, part, update } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { type CreatingSeller, checkAccount, creatingSeller } from '../parties/index.ts';
import type { RegistrationDeps } from './deps.ts';
import type { DecisionRefusal } from './errors.ts';
import { REVIEW_JOB } from './register-seller.ts';
import { type Check, payoutAccountOf, REGISTRATION_MOVES, type Registration, registrations } from './registration.ts';
import { findRegistration } from './store.ts';

const AGAIN_MS = 60_000;
/** Miscellaneous and specialty retail: of a seller who did not say (ISO 18245). */
const UNSAID_CATEGORY = '5999';
/** Whose owners are known from the market or the state. */
const OWNERS_KNOWN: ReadonlySet<string> = new Set(['PUBLICLY_LISTED_BUSINESS', 'STATE_OWNED_BUSINESS']);

export const registrationJobs = (deps: RegistrationDeps): JobHandlers => ({
  [REVIEW_JOB]: (job) => reviewJob(deps, job),
});

async function reviewJob(deps: RegistrationDeps, job: Job): Promise<JobResult> {
  const id = job.subject as Id<'reg'>;
  const checked = await runChecks(deps, id);
  if (checked === null || deps.decides === 'person') return FINISHED;
  const failed = checked.filter(({ passed }) => !passed);
  const decided = await decideRegistration(deps, undefined, {
    registration: id,
    outcome: failed.length === 0 ? 'successful' : 'failed',
    reason: failed.map(({ detail }) => detail).join('; '),
    by: 'checks',
  });
  if (decided.ok || decided.error.code !== 'conflict') return FINISHED;
  return { kind: 'again', afterMs: AGAIN_MS, reason: decided.error.detail };
}

/** What they found; null when it is decided already. */
async function runChecks({ journal, clock, rail }: RegistrationDeps, id: Id<'reg'>): Promise<readonly Check[] | null> {
  const row = await findRegistration(journal.db, id);
  if (row === null || row.state !== 'processing') return null;
  if (row.checks !== null) return row.checks;
  const checks = checksOf(row, { rail });
  await journal.run(undefined, async (): Promise<Result<Decision<null>, DecisionRefusal>> => {
    const current = (await findRegistration(journal.db, id)) as Registration;
    if (current.checks !== null || current.state !== 'processing')
      return refuse('illegal_move', 'the registration is checked');
    const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
    const events = [event('registration.checked', id, { passed: failed.length === 0, failed })];
    return ok({
      unit: { at: clock.now(), ...part({ events, writes: [update(registrations, current, { checks })] }) },
      value: null,
    });
  });
  return (await findRegistration(journal.db, id))?.checks ?? null;
}

/** Pure. */
export function checksOf(
  row: Pick<Registration, 'merchant' | 'accounts'>,
  deps: Pick<RegistrationDeps, 'rail'>,
): readonly Check[] {
  const { merchant } = row;
  const check = (name: Check['name'], passed: boolean, wrong: string): Check => ({
    name,
    passed,
    detail: passed ? '' : wrong,
  });
  const representative = merchant.people.find(({ role }) => role === 'LEGAL_REPRESENTATIVE');
  const owners = merchant.people.some(({ role, shareBps }) => role === 'UBO' && (shareBps ?? 0) >= 2500);
  const ownersKnown = merchant.legalEntity === 'individual' || OWNERS_KNOWN.has(merchant.companyType ?? '');
  const certified =
    merchant.legalEntity === 'company' ? merchant.certificates.length > 0 : representative?.certified === true;
  return [
    check('representative', representative !== undefined, 'no legal representative is named'),
    check('owners', owners || ownersKnown, 'no beneficial owner of 25 % or more is named'),
    check('certificates', certified, 'no certificate of the business is given'),
    accountCheck(row, deps),
  ];
}

function accountCheck(row: Pick<Registration, 'accounts'>, deps: Pick<RegistrationDeps, 'rail'>): Check {
  const account = payoutAccountOf(row);
  if (account === null) return { name: 'account', passed: false, detail: 'no settlement account in USD' };
  if (!account.payable) return { name: 'account', passed: false, detail: 'no rail pays into this kind of account' };
  const valid = checkAccount(deps, account.account, '');
  return { name: 'account', passed: valid.ok, detail: valid.ok ? '' : `settlement account: ${valid.error.detail}` };
}

export interface DecideRegistration {
  readonly registration: Id<'reg'>;
  readonly outcome: 'successful' | 'failed';
  readonly reason: string;
  readonly by: string;
}

export function decideRegistration(
  deps: RegistrationDeps,
  command: CommandKey | undefined,
  { registration, outcome, reason, by }: DecideRegistration,
): Promise<Result<Outcome<Registration>, DecisionRefusal>> {
  const { journal, clock } = deps;
  return journal.run(command, async (): Promise<Result<Decision<Registration>, DecisionRefusal>> => {
    const row = await findRegistration(journal.db, registration);
    if (row === null) return refuse('not_found', 'no such registration');
    if (row.state !== 'processing')
      return refuse('illegal_move', `a registration that is ${row.state} is decided`, { facts: { state: row.state } });
    assertMove(REGISTRATION_MOVES, `registration ${row.id}`, row.state, outcome);
    const at = clock.now();
    const taken = outcome === 'successful' ? await takingOn(deps, row, at) : ok(null);
    if (!taken.ok) return taken;
    const seller = taken.value?.seller.id ?? null;
    const changes = { state: outcome, seller, decision: { by, reason, at } };
    const decided = event('registration.decided', row.id, {
      ...{ outcome, by },
      ...(seller === null ? {} : { seller }),
      ...(reason === '' ? {} : { reason }),
    });
    const own = part({ events: [decided], writes: [update(registrations, row, changes)] });
    const value: Registration = { ...row, ...changes, version: row.version + 1 };
    return ok({ unit: { at, ...merge(taken.value?.part ?? EMPTY_PART, own), answer: value }, value });
  });
}

async function takingOn(
  deps: RegistrationDeps,
  row: Registration,
  at: Registration['createdAt'],
): Promise<Result<CreatingSeller, DecisionRefusal>> {
  const account = payoutAccountOf(row);
  if (account === null || !account.payable)
    return refuse('no_payable_account', 'no settlement account that a rail pays into');
  const { merchant, marketplace } = row;
  return creatingSeller(
    deps,
    {
      marketplace,
      name: merchant.doingBusinessAs,
      country: merchant.country,
      email: merchant.loginId,
      categoryCode: merchant.categoryCode ?? UNSAID_CATEGORY,
      bankAccount: account.account,
    },
    at,
  );
}
