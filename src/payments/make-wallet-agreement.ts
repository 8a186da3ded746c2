/**
 * Making an agreement with a wallet, and ending it. Each is a wish that commits first and a call that may be repeated: the wallet
 * gives the same token for the same code, and cancels a token that is canceled already. Without an answer a job asks again.
 */
import { addMs } from '../base/clock.ts';
import { type Id, newId } from '../base/ids.ts';
import { ok, type Result, refuse } from '../base/result.ts';
import type { WalletTokenAnswer } from '../connectors/ports/wallet.ts';
import { FINISHED, type Job, type JobHandlers, type JobResult } from '../jobs/index.ts';
import {
  type CommandKey,
  type CommitUnit,
  type Decision,
  deadline,
  insert,
  type Outcome,
  part,
  update,
} from '../journal/index.ts';
import { event } from '../ledger/index.ts';
import { findBuyer, walletTarget } from '../parties/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { PaymentRefusal } from './errors.ts';
import { sealedTokens } from './renew-wallet-agreement.ts';
import { seal, unseal } from './sealed.ts';
import { MARGIN_MS } from './start-operation.ts';
import { networkOf, walletById, walletNamed } from './wallet-access.ts';
import {
  findWalletAgreement,
  moveWalletAgreement,
  tokenOf,
  type WalletAgreement,
  walletAgreements,
  withoutSecrets,
} from './wallet-agreement.ts';

export const WALLET_AGREEMENT_JOB = 'payments.wallet_agreement';
const PAUSE_MS = 60_000;

export interface MakeWalletAgreement {
  readonly marketplace: Id<'mkt'>;
  readonly buyer: Id<'buy'>;
  /** Short name or brand code. */
  readonly wallet: string;
  /** What the wallet gave its user for this; good once, for minutes. */
  readonly authCode: string;
}

type Done = Promise<Result<Outcome<WalletAgreement>, PaymentRefusal>>;

/** Active, refused, or requested while the wallet has not answered. Checks: the buyer, the wallet, its mode. */
export async function makeWalletAgreement(deps: PaymentDeps, command: CommandKey, input: MakeWalletAgreement): Done {
  const begun = await deps.journal.run(command, () => decideMake(deps, input));
  if (!begun.ok || begun.value.kind === 'repeated') return begun;
  const { id } = begun.value.value;
  await pursue(deps, begun.value.value);
  return answerOf(deps, id, begun.value.seq);
}

async function decideMake(
  deps: PaymentDeps,
  { marketplace, buyer, wallet: name, authCode }: MakeWalletAgreement,
): Promise<Result<Decision<WalletAgreement>, PaymentRefusal>> {
  const { db } = deps.journal;
  const [person, wallet] = await Promise.all([findBuyer(db, buyer), walletNamed(db, name)]);
  if (person === null || person.marketplace !== marketplace) return refuse('not_found', 'no such buyer');
  if (wallet === null) return refuse('unknown_wallet', 'no such wallet', { pointer: '/wallet' });
  if (deps.wallets.network === null || wallet.state !== 'active' || !wallet.wallet.modes.includes('autoDebit'))
    return refuse('wallet_not_offered', `${wallet.name} does not pay by autoDebit`, { pointer: '/wallet' });
  const [id, at] = [newId('wag'), deps.clock.now()];
  const resume = deadline(WALLET_AGREEMENT_JOB, id, addMs(at, deps.acquirerTimeoutMs + MARGIN_MS));
  const agreement: WalletAgreement = {
    id,
    version: 1,
    state: 'requested',
    ...{ marketplace, buyer, participant: wallet.id, wallet: wallet.wallet.slug },
    sealedCode: seal(deps.wallets.secret, id, authCode),
    sealedToken: null,
    expiresAt: null,
    ...{ sealedRefresh: null, refreshExpiresAt: null, renewals: 0 },
    customerId: null,
    refusal: null,
    agreedAt: at,
    ended: null,
    resumeJob: resume.id,
  };
  const asked = event('wallet_agreement.asked', id, { marketplace, buyer, wallet: wallet.wallet.slug });
  const own = part({ events: [asked], writes: [insert(walletAgreements, agreement)], jobs: [resume] });
  return ok({ unit: { at, ...own, answer: withoutSecrets(agreement) }, value: agreement });
}

export interface EndWalletAgreement {
  readonly marketplace: Id<'mkt'>;
  readonly agreement: Id<'wag'>;
  /** `wallet`: it has told us that its user ended it; there is nothing to ask. */
  readonly by: 'buyer' | 'marketplace' | 'wallet';
}

/** Ended, or ending while the wallet has not confirmed. From the commit on nothing is charged under it. */
export async function endWalletAgreement(
  deps: PaymentDeps,
  command: CommandKey | undefined,
  input: EndWalletAgreement,
): Done {
  const begun = await deps.journal.run(command, () => decideEnd(deps, input));
  if (!begun.ok || begun.value.kind === 'repeated') return begun;
  const { id, state } = begun.value.value;
  if (state === 'ending') await pursue(deps, begun.value.value);
  return answerOf(deps, id, begun.value.seq);
}

async function decideEnd(
  deps: PaymentDeps,
  { marketplace, agreement: id, by }: EndWalletAgreement,
): Promise<Result<Decision<WalletAgreement>, PaymentRefusal>> {
  const agreement = await findWalletAgreement(deps.journal.db, id);
  if (agreement === null || agreement.marketplace !== marketplace) return refuse('not_found', 'no such agreement');
  const { state } = agreement;
  if (state !== 'active') return refuse('agreement_not_active', `the agreement is ${state}`, { facts: { state } });
  const at = deps.clock.now();
  const ended = { at, by };
  if (by === 'wallet') return changes(agreement, at, moveWalletAgreement(agreement, 'ended', { ended, ...FORGOTTEN }));
  const resume = deadline(WALLET_AGREEMENT_JOB, id, addMs(at, deps.acquirerTimeoutMs + MARGIN_MS));
  const moved = moveWalletAgreement(agreement, 'ending', { ended, resumeJob: resume.id });
  const decided = changes(agreement, at, moved);
  return ok({ ...decided.value, unit: { ...decided.value.unit, jobs: [resume] } });
}

const FORGOTTEN = {
  ...{ sealedCode: null, sealedToken: null, resumeJob: null },
  ...{ sealedRefresh: null, refreshExpiresAt: null },
} as const;

/** The unit that changes it: its event, its row, the job that waited. */
function changes(agreement: WalletAgreement, at: CommitUnit['at'], moved: Partial<WalletAgreement>) {
  const after: WalletAgreement = { ...agreement, ...moved, version: agreement.version + 1 };
  const withdraws = agreement.resumeJob !== null && after.resumeJob === null ? [agreement.resumeJob] : [];
  const changed = event('wallet_agreement.moved', agreement.id, { state: after.state });
  const own = part({ events: [changed], writes: [update(walletAgreements, agreement, moved)], withdraws });
  return ok({ unit: { at, ...own, answer: withoutSecrets(after) }, value: after });
}

export const walletAgreementJobs = (deps: PaymentDeps): JobHandlers => ({
  [WALLET_AGREEMENT_JOB]: async (job: Job): Promise<JobResult> => {
    const agreement = await findWalletAgreement(deps.journal.db, job.subject as Id<'wag'>);
    if (agreement === null || agreement.resumeJob !== job.id) return FINISHED;
    await pursue(deps, agreement);
    const after = await findWalletAgreement(deps.journal.db, agreement.id);
    return after?.resumeJob === job.id
      ? { kind: 'again', afterMs: PAUSE_MS, reason: 'the wallet has not answered', countsAsAttempt: true }
      : FINISHED;
  },
});

/** The call that its state waits for, and what comes of it. */
async function pursue(deps: PaymentDeps, agreement: WalletAgreement): Promise<void> {
  const target = walletTarget(await walletById(deps.journal.db, agreement.participant));
  const { secret } = deps.wallets;
  const network = networkOf(deps.wallets);
  if (agreement.state === 'requested' && agreement.sealedCode !== null) {
    const answer = await network.applyToken(target, unseal(secret, agreement.id, agreement.sealedCode));
    if (answer.outcome !== 'unknown') await settle(deps, agreement, (row) => applied(deps, row, answer));
  }
  if (agreement.state === 'ending') {
    const answer = await network.cancelToken(target, tokenOf(deps.wallets, agreement));
    // A token that the wallet does not know any more is one that nobody can charge.
    if (answer.outcome !== 'unknown')
      await settle(deps, agreement, (row) => moveWalletAgreement(row, 'ended', FORGOTTEN));
  }
}

function applied(
  { wallets }: PaymentDeps,
  row: WalletAgreement,
  answer: Exclude<WalletTokenAnswer, { outcome: 'unknown' }>,
): Partial<WalletAgreement> {
  if (answer.outcome === 'declined') {
    const { code, message } = answer;
    return moveWalletAgreement(row, 'refused', { refusal: { code, message }, ...FORGOTTEN });
  }
  const { customerId } = answer;
  return moveWalletAgreement(row, 'active', {
    ...FORGOTTEN,
    ...sealedTokens(wallets.secret, row.id, answer),
    customerId,
  });
}

/** Once: whoever comes second finds it moved on. */
async function settle(
  deps: PaymentDeps,
  { id, state }: WalletAgreement,
  move: (row: WalletAgreement) => Partial<WalletAgreement>,
): Promise<void> {
  await deps.journal.run(undefined, async (): Promise<Result<Decision<WalletAgreement>, PaymentRefusal>> => {
    const row = await findWalletAgreement(deps.journal.db, id);
    if (row === null || row.state !== state) return refuse('operation_closed', 'it has moved on');
    return changes(row, deps.clock.now(), move(row));
  });
}

async function answerOf(deps: PaymentDeps, id: Id<'wag'>, seq: bigint): Done {
  const value = withoutSecrets((await findWalletAgreement(deps.journal.db, id)) as WalletAgreement);
  return ok({ kind: 'committed', value, seq });
}
