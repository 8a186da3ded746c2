/** The lives of those who do not buy: a finance desk that pays out on demand, sellers who correct an account, the treasury. */
import type { SeededRandom } from '../src/base/random.ts';
import { bankAccount } from './cast.ts';
import { type Body, type Call, cents, type Life, LifeBroken, settle, settleAll, usd } from './moves.ts';

export interface DeskPlan {
  readonly market: number;
  readonly marketId: string;
  readonly sellers: readonly string[];
  readonly steps: number;
}

/** Pays out now and then, for a marketplace without a daily run: a part, everything, a run, or one taken back at once. */
export function* livePayoutDesk({ market, marketId, sellers, steps }: DeskPlan, random: SeededRandom): Life {
  const done = { part: 0, all: 0, run: 0, canceled: 0, nothing: 0 };
  for (let round = 0, step = 8; step < steps; round += 1) {
    const pause = random.integer(2, 5);
    yield { wait: pause };
    step += pause;
    const seller = random.pick(sellers);
    const what = random.pick(['part', 'all', 'all', 'run', 'cancel'] as const);
    const key = `desk-${market}-${round}`;
    const call: Call = {
      label: `desk ${market}.${round}: ${what}`,
      as: market,
      method: 'POST',
      path: '/v1/payouts',
      key,
      body: { seller },
    };
    if (what === 'run') {
      yield* settle({ ...call, path: '/v1/payout-runs', body: { marketplace: marketId } });
      done.run += 1;
      continue;
    }
    const available = yield* availableTo(market, seller);
    const half = what === 'part' ? available / 2n : available;
    const body = half === 0n ? call.body : { seller, amount: usd(half) };
    const payout = yield* payOut({ ...call, ...(body === undefined ? {} : { body }) }, half);
    if (payout === null) done.nothing += 1;
    else if (what === 'cancel') {
      yield* takeBack(market, payout, key);
      done.canceled += 1;
    } else done[what] += 1;
  }
  return `payout desk: ${Object.entries(done)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ')}`;
}

function* availableTo(market: number, seller: string): Life<bigint> {
  const call: Call = { label: `seller ${seller}: balance`, as: market, method: 'GET', path: `/v1/sellers/${seller}` };
  const { body } = yield* settle(call);
  const balances = body.balances as readonly Body[] | undefined;
  return balances?.[0] === undefined ? 0n : cents(balances[0], 'available');
}

/** The payout, twice at once under one key; null when there was nothing to pay or the seller is blocked. */
function* payOut(call: Call, amount: bigint): Life<Body | null> {
  // What an open dispute may still take is kept back, and what comes in is taken for a debt first.
  const refusals = ['nothing_to_pay_out', 'payouts_blocked', 'insufficient_balance', 'dispute_open', 'debt_open'];
  const [one, two] = yield* settleAll([call, call], refusals);
  if (one === undefined || two === undefined || one.status >= 300 || two.status >= 300) return null;
  const again = yield* settle({ ...call, label: `${call.label} (repeat)` });
  const ids = new Set([one, two, again].map(({ body }) => body.id));
  if (ids.size !== 1) throw new LifeBroken(`idempotency: one key, one answer: ${call.label} made ${ids.size} payouts`);
  if (amount > 0n && cents(one.body, 'amount') !== amount)
    throw new LifeBroken(`${call.label}: ${cents(one.body, 'amount')} instead of ${amount}`);
  return one.body;
}

function* takeBack(market: number, payout: Body, key: string): Life<void> {
  const path = `/v1/payouts/${payout.id}/cancel`;
  const call: Call = {
    label: `${key}: take back`,
    as: market,
    method: 'POST',
    path,
    key: `${key}-cancel`,
    body: { reason: 'mistake' },
  };
  yield* settle(call, ['illegal_move']);
}

export interface CorrectionPlan {
  readonly market: number;
  readonly seller: string;
  readonly name: string;
  readonly account: string;
  readonly steps: number;
}

/** A seller whose account is returned: some time after the block the account is corrected, once. */
export function* liveCorrection({ market, seller, name, account, steps }: CorrectionPlan): Life {
  for (let step = 0; step < steps; step += 4) {
    yield { wait: 4 };
    const look: Call = {
      label: `seller ${seller}: blocked?`,
      as: market,
      method: 'GET',
      path: `/v1/sellers/${seller}`,
    };
    if (((yield* settle(look)).body.payoutsBlocked ?? null) === null) continue;
    const path = `/v1/sellers/${seller}/bank-account`;
    yield* settle({
      label: `seller ${seller}: corrects`,
      as: market,
      method: 'PUT',
      path,
      body: bankAccount(name, account),
    });
    return 'account returned, corrected';
  }
  return 'account never returned';
}

/** Explains the treasury's deposits as capital when they are on the statement. The deposits themselves come from outside. */
export function* liveTreasury(steps: number): Life {
  let explained = 0;
  for (let step = 0; step < steps; step += 2) {
    yield { wait: 2 };
    const path = '/v1/reconciliation/lines?state=unexplained&limit=100';
    const { body } = yield* settle({ label: 'treasury: lines', as: 'operator', method: 'GET', path });
    for (const line of (body.data as readonly Body[]).filter(({ text }) => String(text).includes('own funds'))) {
      const explain = { as: 'capital', reason: 'operating float, signed by treasury' };
      yield* settle(
        {
          label: `treasury: explain ${line.id}`,
          as: 'operator',
          method: 'POST',
          path: `/v1/reconciliation/lines/${line.id}/explain`,
          key: `treasury-${line.id}`,
          body: explain,
        },
        ['illegal_move'],
      );
      explained += 1;
    }
  }
  return `treasury: ${explained} deposits explained`;
}
