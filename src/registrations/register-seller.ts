/**
 * Asking to take a seller on. The review begins some time later, as a job. Checks in this order: the request id, the name, the
 * login, the documents.
 */
import { addMs, MS_PER_DAY } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import { absent, type CommandKey, type Decision, deadline, insert, type Outcome, part } from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { attachmentsOf } from './attachment.ts';
import type { RegistrationDeps } from './deps.ts';
import type { RegistrationRefusal } from './errors.ts';
import { type Registration, registrations } from './registration.ts';
import { findLiveRegistration, findRegistrationByLogin, liveKey, loginKey } from './store.ts';

export const REVIEW_JOB = 'registrations.review';
/** Business time between the request and its review. */
export const REVIEW_AFTER_MS = MS_PER_DAY;

export type RegisterSeller = Pick<
  Registration,
  'marketplace' | 'registrar' | 'requestId' | 'reference' | 'merchant' | 'accounts' | 'paymentMethods'
>;

export function registerSeller(
  deps: RegistrationDeps,
  command: CommandKey,
  input: RegisterSeller,
): Promise<Result<Outcome<Registration>, RegistrationRefusal>> {
  return deps.journal.run(command, async () => {
    const free = await checkFree(deps, input);
    return free.ok ? ok(decide(deps, input)) : free;
  });
}

async function checkFree(
  { journal }: RegistrationDeps,
  input: RegisterSeller,
): Promise<Result<null, RegistrationRefusal>> {
  const live = await findLiveRegistration(journal.db, input.registrar, input.reference);
  if (live?.state === 'processing')
    return refuse('registration_under_review', 'an earlier registration of this seller is under review');
  if (live !== null) return refuse('already_registered', 'this seller is registered');
  if ((await findRegistrationByLogin(journal.db, input.marketplace, input.merchant.loginId)) !== null)
    return refuse('login_taken', 'another seller has it', { pointer: '/merchantInfo/loginId' });
  const asked = [...new Set(input.merchant.attachments)];
  const known = new Set((await attachmentsOf(journal.db, input.registrar, asked)).map(({ id }) => id));
  const unknown = asked.find((id: Id<'att'>) => !known.has(id));
  return unknown === undefined
    ? ok(null)
    : refuse('unknown_attachment', `${unknown} was not submitted`, { pointer: '/merchantInfo' });
}

function decide({ clock }: RegistrationDeps, input: RegisterSeller): Decision<Registration> {
  const at = clock.now();
  const { marketplace, registrar, reference, merchant } = input;
  const row: Registration = {
    ...{ id: newId('reg'), version: 0, state: 'processing', ...input },
    ...{ checks: null, decision: null, seller: null, createdAt: at },
  };
  const value = { ...row, version: 1 };
  const opened = part({
    events: [event('registration.opened', row.id, { marketplace, registrar, reference })],
    writes: [insert(registrations, row)],
    guards: [
      absent(registrations, 'live_key', liveKey(registrar, reference)),
      absent(registrations, 'login_key', loginKey(marketplace, merchant.loginId)),
    ],
    jobs: [deadline(REVIEW_JOB, row.id, addMs(at, REVIEW_AFTER_MS))],
  });
  return { unit: { at, ...opened, answer: { id: row.id } }, value };
}
