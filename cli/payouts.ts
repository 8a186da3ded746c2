/** `causeway payouts …`: what is on its way to sellers, and a run over all of them. */
import type { Command } from 'commander';
import type { Money } from '../src/base/money.ts';
import { type Adder, LIMIT, MORE } from './command.ts';
import { Unreachable } from './errors.ts';
import { money, table, time } from './output.ts';
import type { PayoutView } from './views.ts';

interface RunView {
  readonly payouts: number;
  readonly total: Money;
}

export function payoutCommands(program: Command, { add }: Adder): void {
  const payouts = program.command('payouts').description('See payouts, and pay out sellers');
  add<{ state?: string; seller?: string; limit: number }>(
    payouts,
    'ls',
    'List payouts, newest first',
    async ({ out, api }, { state, seller, limit }) => {
      const found = await api().list<PayoutView>('/v1/payouts', { state, seller }, limit);
      out.show(found, ({ data }) => listText(data));
      if (found.more) out.note(MORE);
      return undefined;
    },
  )
    .option('--state <states>', 'only these, separated by commas, such as filed,returned')
    .option('--seller <id>', 'only this seller’s')
    .option(...LIMIT);
  runCommand(payouts, { add });
}

function runCommand(payouts: Command, { add }: Adder): void {
  add<{ marketplace?: string; attempt?: string }>(
    payouts,
    'run',
    'Pay out every seller of a marketplace with an available balance',
    async ({ out, api }, { marketplace, attempt = crypto.randomUUID() }) => {
      const ran = api().post<RunView>('/v1/payout-runs', marketplace === undefined ? {} : { marketplace }, attempt);
      out.show(await ran.catch((error: unknown) => throwWithAttempt(error, attempt)), ({ payouts: count, total }) =>
        count === 0 ? 'nothing to pay out' : `${count} ${count === 1 ? 'payout' : 'payouts'} begun, ${money(total)}`,
      );
      return undefined;
    },
  )
    .option('--marketplace <id>', 'whose sellers; a marketplace’s own key needs none')
    .option('--attempt <key>', 'names this run (Idempotency-Key): the same name again is the same run');
}

/** Without an answer the run may have begun: only the same name makes a repeat safe. */
function throwWithAttempt(error: unknown, attempt: string): never {
  if (!(error instanceof Unreachable)) throw error;
  throw new Unreachable(`${error.message}\nThe run may have begun. Repeat it with --attempt ${attempt}`, {
    cause: error,
  });
}

const listText = (payouts: readonly PayoutView[]): string =>
  table(
    payouts,
    [
      { title: 'PAYOUT', of: ({ id }) => id },
      { title: 'STATE', of: ({ state }) => state },
      { title: 'AMOUNT', of: ({ amount }) => money(amount), right: true },
      { title: 'SELLER', of: ({ seller }) => seller.name ?? seller.id },
      { title: 'ACCOUNT', of: ({ bankAccount }) => bankAccount.accountNumber },
      { title: 'EXPECTED', of: ({ expectedOn }) => expectedOn },
      {
        title: 'RETURNED',
        of: ({ returnReason }) => (returnReason === null ? '' : `${returnReason.code} ${returnReason.text}`),
      },
      { title: 'CREATED', of: ({ createdAt }) => time(createdAt) },
    ],
    'no such payouts',
  );
