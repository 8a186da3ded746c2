/** `causeway payouts …`: what is on its way to sellers, and a run over all of them. */
import type { Command } from 'commander';
import { type Adder, LIMIT, MORE } from './command.ts';
import { money, table, time } from './output.ts';
import { payoutRunCommands } from './payout-runs.ts';
import type { PayoutView } from './views.ts';

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
  payoutRunCommands(payouts, { add });
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
